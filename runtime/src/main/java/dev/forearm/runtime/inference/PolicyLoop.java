package dev.forearm.runtime.inference;

import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.foresight.ForesightGate;
import dev.forearm.runtime.foresight.ForesightVerdict;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.signal.Latest;
import dev.forearm.runtime.signal.ObservationInputs;
import dev.forearm.runtime.signal.ObservationVerdict;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inference thread's duty: observe, imagine, act, judge, publish. It always publishes: where
 * there is no good chunk, a refused one says why, so that the control thread holds at once and for
 * the true reason. It plans whether or not the arm is engaged. Only where the robot file allows it
 * does a chunk go on for some steps without a new one, while what was imagined comes about.
 *
 * <p>What it plans with is one {@link InstalledPolicy}, looked up once a step, so replacing the
 * policy of a running arm is one publication:
 *
 * <pre>
 *   anyone --install--&gt; wanted --next step--&gt; active --replaced--&gt; pollReplaced --&gt; whoever closes it
 * </pre>
 */
public final class PolicyLoop {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyLoop.class);

  /** A healthy robot's first signals come within this time; longer is worth a warning. */
  private static final long FIRST_SIGNALS_NANOS = 3_000_000_000L;

  private static final Driver UNKNOWN = new Driver.Unknown();

  private final Robot robot;
  private final RuntimeTap tap;
  private final Clock clock;
  private final InferenceStatistics statistics = new InferenceStatistics();
  private final AtomicBoolean resetWanted = new AtomicBoolean();
  private final AtomicReference<@Nullable InstalledPolicy> wanted = new AtomicReference<>();
  private final Queue<InstalledPolicy> replaced = new ConcurrentLinkedQueue<>();
  private volatile InstalledPolicy active; // written by the inference thread
  private long sequence;
  private long firstStepNanos = Long.MIN_VALUE;
  private boolean observed; // ever
  private boolean isUnderWay; // the chunk that was accepted last
  private boolean carriesOn; // with the chunk under way: this step published none
  private final RefusalLog refusals = new RefusalLog(new MonotonicClock());
  private volatile Execution execution = Execution.UNKNOWN;
  private volatile Driver planner = UNKNOWN;
  private final Step step = new Step();

  /**
   * Wires the loop.
   *
   * @param first what it plans with until something else is installed
   * @param clock measures how long inference takes
   */
  public PolicyLoop(InstalledPolicy first, Robot robot, RuntimeTap tap, Clock clock) {
    active = first;
    this.robot = robot;
    this.tap = tap.contained();
    this.clock = clock;
  }

  /**
   * Has the next step plan with another policy, from a fresh start. One that was installed before
   * and not yet taken is handed back. Any thread.
   */
  public void install(InstalledPolicy next) {
    InstalledPolicy overtaken = wanted.getAndSet(next);
    if (overtaken != null) {
      replaced.add(overtaken);
    }
  }

  /**
   * Tells the loop where to look what becomes of its chunks. While somebody has taken the arm over
   * it plans on, but what happens is not held against what it imagined; to a policy that wants to
   * know it tells what of the chunk under way is executed whatever it plans.
   */
  public void heed(Execution next) {
    execution = next;
  }

  /** Who made the latest plan. Any thread. */
  public Driver driver() {
    return planner;
  }

  /** What the loop plans with. Any thread. */
  public InstalledPolicy active() {
    return active;
  }

  /** One that the loop will not call again, oldest first; null if there is none. Any thread. */
  public @Nullable InstalledPolicy pollReplaced() {
    return replaced.poll();
  }

  /** One policy step at time {@code now}: plans and publishes. */
  public void step(long now) {
    plan(now);
    publish();
  }

  /** The first half of a step; a lockstep run that models inference latency publishes later. */
  public void plan(long now) {
    step.begin(now, execution.driver());
    InstalledPolicy with = takeWanted(now);
    if (step.overruled()) {
      with.gate().forget();
    }
    plan(with, now);
    tap.stepped(step);
  }

  private void plan(InstalledPolicy with, long now) {
    if (firstStepNanos == Long.MIN_VALUE) {
      firstStepNanos = now;
    }
    sequence++;
    statistics.stepped();
    Observation observation = with.observation();
    ObservationVerdict verdict = with.assembler().assemble(now, observation);
    if (!verdict.ready()) {
      tap.notObserved(verdict, now);
      refuse(reasonOf(verdict), verdict.signal(), now);
      return;
    }
    observed = true;
    statistics.offClock(with.assembler().offClock());
    tap.observed(observation);
    ForesightGate gate = with.gate();
    if (gate.goesOn(observation)) {
      carriesOn = true;
      tellForesight(gate, now);
      return;
    }
    Plan plan = with.plan();
    commit(with);
    if (!imagineAndAct(with, now)) {
      return;
    }
    planner = plan.driver();
    step.planned = true;
    with.policy().confine(plan.actions());
    tap.planned(observation, plan);
    ForesightVerdict foresight = gate.judge(observation, plan);
    tellForesight(gate, now);
    switch (foresight) {
      case EXECUTE -> {
        ActionChunk chunk = accept(plan, with.policy().spec().chunkSteps(), now);
        chunk.continueFrom(with.accepted());
        with.accepted().copy(chunk);
      }
      case SHORTEN -> {
        int steps = Math.min(gate.shortenedSteps(), with.policy().spec().chunkSteps());
        with.accepted().copy(accept(plan, steps, now));
      }
      case HOLD -> refuse(SafetyReason.FORESIGHT, "", now);
    }
  }

  /** The second half of a step: hands the chunk, if there is a new one, to the control thread. */
  public void publish() {
    if (carriesOn) {
      carriesOn = false;
      return;
    }
    Latest<ActionChunk> chunks = active.chunks();
    tap.published(chunks.back());
    chunks.publish();
  }

  /** Before the next step, has the policy forget the episode. Any thread. */
  public void requestReset() {
    resetWanted.set(true);
  }

  /** Where the control thread finds the chunks of whatever is active. */
  public ChunkSource chunks() {
    return new ActiveChunks();
  }

  /** Inference times, refusals and foresight error, for any thread. */
  public InferenceStatistics statistics() {
    return statistics;
  }

  private void tellForesight(ForesightGate gate, long now) {
    statistics.foresight(gate);
    tap.gated(gate, now);
  }

  private InstalledPolicy takeWanted(long now) {
    if (resetWanted.getAndSet(false)) {
      active.reset();
      step.fresh = true;
      isUnderWay = false;
    }
    InstalledPolicy next = wanted.get() == null ? null : wanted.getAndSet(null);
    if (next != null) {
      InstalledPolicy before = active;
      next.restart(sequence + 1, now);
      active = next;
      step.fresh = true;
      step.swapped = true;
      isUnderWay = false; // it is another's
      replaced.add(before);
      LOG.info("planning with {} from now on, no longer with {}", next.name(), before.name());
    }
    return active;
  }

  /** Tells a policy that wants to know what of the chunk under way is executed all the same. */
  private void commit(InstalledPolicy with) {
    int most = with.policy().prefixSteps();
    if (most == 0) {
      return;
    }
    long period = with.policy().spec().periodNanos();
    long origin = with.observation().originNanos();
    long delayed = isUnderWay ? Math.ceilDiv(execution.delayNanos(), period) : 0;
    step.committed = (int) Math.min(most, delayed);
    double[] prefix = with.prefix();
    int joints = robot.jointCount();
    for (int i = 0; i < step.committed * joints; i++) {
      long due = origin + (i / joints + 1) * period;
      prefix[i] = with.accepted().at(due, i % joints);
    }
    with.policy().commit(prefix, step.committed);
  }

  /** Plans; false if the policy failed or its actions were refused. */
  private boolean imagineAndAct(InstalledPolicy with, long now) {
    Plan plan = with.plan();
    long started = clock.nanos();
    try {
      plan.clear();
      with.policy().plan(with.observation(), plan);
    } catch (RuntimeException e) {
      refuse(SafetyReason.POLICY_FAILED, e.getClass().getSimpleName(), now, e);
      return false;
    } finally {
      step.inferenceNanos = clock.nanos() - started;
      statistics.inferenceTook(step.inferenceNanos);
    }
    return actionsAreSound(plan.actions(), now);
  }

  private boolean actionsAreSound(double[] actions, long now) {
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

  private ActionChunk accept(Plan plan, int steps, long now) {
    long origin = active.observation().originNanos();
    ActionChunk chunk = active.chunks().back();
    chunk.accept(plan.actions(), steps, now, origin, sequence);
    isUnderWay = true;
    refusals.planned(sequence);
    return chunk;
  }

  private void refuse(SafetyReason why, String culprit, long now) {
    refuse(why, culprit, now, null);
  }

  private void refuse(SafetyReason why, String culprit, long now, @Nullable Throwable thrown) {
    active.gate().interrupt();
    isUnderWay = false;
    active.chunks().back().refuse(why, culprit, now, sequence);
    statistics.refused(isOfThePolicy(why));
    boolean expected = !observed && now - firstStepNanos < FIRST_SIGNALS_NANOS;
    if (!expected) {
      refusals.refused(sequence, why, culprit, thrown);
    }
  }

  private static boolean isOfThePolicy(SafetyReason refusal) {
    return refusal == SafetyReason.POLICY_FAILED
        || refusal == SafetyReason.ACTION_NOT_FINITE
        || refusal == SafetyReason.ACTION_OUT_OF_RANGE
        || refusal == SafetyReason.FORESIGHT;
  }

  private static SafetyReason reasonOf(ObservationVerdict verdict) {
    return switch (verdict.kind()) {
      case MISSING -> SafetyReason.OBSERVATION_MISSING;
      case STALE -> SafetyReason.OBSERVATION_STALE;
      case NOT_FINITE -> SafetyReason.OBSERVATION_NOT_FINITE;
      case READY -> SafetyReason.NONE;
    };
  }

  /** The step under way. */
  private final class Step implements PolicyStep {
    long stampNanos;
    boolean fresh;
    boolean swapped;
    long inferenceNanos;
    boolean planned;
    int committed;
    @Nullable Driver overruler;

    void begin(long now, @Nullable Driver inItsPlace) {
      planned = false;
      committed = 0;
      overruler = inItsPlace;
      stampNanos = now;
      fresh = false;
      swapped = false;
      inferenceNanos = 0;
    }

    @Override
    public long sequence() {
      return sequence;
    }

    @Override
    public long stampNanos() {
      return stampNanos;
    }

    @Override
    public boolean fresh() {
      return fresh;
    }

    @Override
    public boolean swapped() {
      return swapped;
    }

    @Override
    public long noiseSeed() {
      return active.noiseSeed();
    }

    @Override
    public long inferenceNanos() {
      return inferenceNanos;
    }

    @Override
    public Driver driver() {
      Driver instead = overruler;
      return instead != null ? instead : planned ? planner : UNKNOWN;
    }

    @Override
    public boolean overruled() {
      return overruler != null;
    }

    @Override
    public int committed() {
      return committed;
    }

    @Override
    public ObservationInputs inputs() {
      return active.assembler();
    }
  }

  /** The control thread's way in; a class of its own so that what it reaches can be followed. */
  private final class ActiveChunks implements ChunkSource {
    @Override
    public @Nullable ActionChunk poll() {
      return active.chunks().take();
    }
  }
}
