package dev.forearm.runtime.inference;

import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.signal.ObservationAssembler;
import dev.forearm.runtime.signal.ObservationVerdict;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inference thread's duty: observe, imagine, act, judge, publish. It always publishes: where
 * there is no good chunk, a refused one says why, so that the control thread holds at once and for
 * the true reason. It plans whether or not the arm is engaged.
 */
public final class PolicyLoop {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyLoop.class);

  private final Policy policy;
  private final Robot robot;
  private final RuntimeTap tap;
  private final Clock clock;
  private final ObservationAssembler assembler;
  private final ForesightGate gate;
  private final ChunkExchange chunks;
  private final Observation observation;
  private final Plan plan;
  private final InferenceStatistics statistics = new InferenceStatistics();
  private final AtomicBoolean resetWanted = new AtomicBoolean();
  private long sequence;
  private SafetyReason lastRefusal = SafetyReason.NONE;

  /**
   * Wires the loop.
   *
   * @param gate made for the same {@link Policy#spec()}
   * @param clock measures how long inference takes
   */
  public PolicyLoop(
      Policy policy,
      Robot robot,
      RobotSignals signals,
      ForesightGate gate,
      RuntimeTap tap,
      Clock clock) {
    PolicySpec spec = policy.spec();
    this.policy = policy;
    this.robot = robot;
    this.gate = gate;
    this.tap = tap;
    this.clock = clock;
    assembler = new ObservationAssembler(spec, robot, signals);
    chunks = new ChunkExchange(spec);
    observation = new Observation(spec.observationWidth());
    plan = new Plan(spec);
  }

  /** One policy step at time {@code now}: plans and publishes. */
  public void step(long now) {
    plan(now);
    publish();
  }

  /** The first half of a step; a lockstep run that models inference latency publishes later. */
  public void plan(long now) {
    if (resetWanted.getAndSet(false)) {
      policy.reset();
      gate.forget();
    }
    sequence++;
    ObservationVerdict verdict = assembler.assemble(now, observation);
    if (!verdict.ready()) {
      tap.notObserved(verdict, now);
      refuse(reasonOf(verdict), verdict.signal(), now);
      return;
    }
    tap.observed(observation);
    if (!imagineAndAct(now)) {
      return;
    }
    policy.confine(plan.actions());
    tap.planned(observation, plan);
    ForesightVerdict foresight = gate.judge(observation, plan);
    statistics.foresightError(gate.error());
    tap.gated(foresight, gate.error(), now);
    switch (foresight) {
      case EXECUTE -> accept(policy.spec().chunkSteps(), now);
      case SHORTEN -> accept(Math.min(gate.shortenedSteps(), policy.spec().chunkSteps()), now);
      case HOLD -> refuse(SafetyReason.FORESIGHT, "", now);
    }
  }

  /** The second half of a step: hands the chunk to the control thread. */
  public void publish() {
    tap.published(chunks.back());
    chunks.publish();
  }

  /** Before the next step, has the policy forget the episode. Any thread. */
  public void requestReset() {
    resetWanted.set(true);
  }

  /** Where the control thread finds the chunks. */
  public ChunkExchange chunks() {
    return chunks;
  }

  /** Inference times, refusals and foresight error, for any thread. */
  public InferenceStatistics statistics() {
    return statistics;
  }

  /** Plans into {@link #plan}; false if the policy failed or its actions were refused. */
  private boolean imagineAndAct(long now) {
    long started = clock.nanos();
    try {
      plan.imagines(false);
      policy.plan(observation, plan);
    } catch (RuntimeException e) {
      if (lastRefusal != SafetyReason.POLICY_FAILED) {
        LOG.warn("the policy threw; its chunks are refused until it plans again", e);
      }
      refuse(SafetyReason.POLICY_FAILED, e.getClass().getSimpleName(), now);
      return false;
    } finally {
      statistics.inferenceTook(clock.nanos() - started);
    }
    return actionsAreSound(now);
  }

  private boolean actionsAreSound(long now) {
    double[] actions = plan.actions();
    int joints = robot.jointCount();
    for (int i = 0; i < actions.length; i++) {
      Joint joint = robot.joints().get(i % joints);
      double action = actions[i];
      if (!Double.isFinite(action)) {
        refuse(SafetyReason.ACTION_NOT_FINITE, joint.name(), now);
        return false;
      }
      double slack = robot.actionSlack() * (joint.positionMax() - joint.positionMin());
      if (action < joint.positionMin() - slack || action > joint.positionMax() + slack) {
        refuse(SafetyReason.ACTION_OUT_OF_RANGE, joint.name(), now);
        return false;
      }
    }
    return true;
  }

  private void accept(int steps, long now) {
    chunks.back().accept(plan.actions(), steps, now, sequence);
    if (lastRefusal != SafetyReason.NONE) {
      LOG.info("chunk {}: planning again", sequence);
      lastRefusal = SafetyReason.NONE;
    }
  }

  private void refuse(SafetyReason why, String culprit, long now) {
    chunks.back().refuse(why, culprit, now, sequence);
    statistics.refused();
    if (lastRefusal != why) {
      LOG.warn("chunk {} refused: {} {}", sequence, why.meaning(), culprit);
      lastRefusal = why;
    }
  }

  private static SafetyReason reasonOf(ObservationVerdict verdict) {
    return switch (verdict.kind()) {
      case MISSING -> SafetyReason.OBSERVATION_MISSING;
      case STALE -> SafetyReason.OBSERVATION_STALE;
      case NOT_FINITE -> SafetyReason.OBSERVATION_NOT_FINITE;
      case READY -> SafetyReason.NONE;
    };
  }
}
