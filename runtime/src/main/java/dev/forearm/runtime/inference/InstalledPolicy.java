package dev.forearm.runtime.inference;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.foresight.ForesightGate;
import dev.forearm.runtime.foresight.ForesightLimits;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.Latest;
import dev.forearm.runtime.signal.ObservationAssembler;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Optional;

/**
 * A policy with all that was made for it and one robot: what assembles its observations, judges its
 * foresight and carries its chunks. They change together or not at all. Made on any thread; from
 * the step at which a {@link PolicyLoop} takes it until the loop hands it back, the inference
 * thread's. It does not own the policy: who installed it closes it, once it was handed back.
 */
public final class InstalledPolicy {
  private final String name;
  private final String sha256;
  private final Policy policy;
  private final ObservationAssembler assembler;
  private final ForesightGate gate;
  private final Latest<ActionChunk> chunks;
  private final ActionChunk accepted;
  private final Observation observation;
  private final Plan plan;
  private final double[] prefix;
  private volatile long noiseSeed;
  private volatile long sinceStep;
  private volatile long sinceNanos;

  /** Fits a policy whose foresight was not calibrated. */
  public InstalledPolicy(
      String name,
      String sha256,
      Policy policy,
      float[] imaginedScale,
      Robot robot,
      RobotSignals signals) {
    this(name, sha256, policy, imaginedScale, Optional.empty(), robot, signals);
  }

  /**
   * Fits a policy to a robot.
   *
   * @param name for people
   * @param sha256 of its bundle; empty for what is no bundle
   * @param imaginedScale natural scale of each value of an imagined frame, physical units
   * @param limits of its foresight; empty where it was not calibrated
   * @param signals of the robot
   * @throws RuntimeFault if the robot cannot feed the policy or is driven at another rate
   */
  public InstalledPolicy(
      String name,
      String sha256,
      Policy policy,
      float[] imaginedScale,
      Optional<ForesightLimits> limits,
      Robot robot,
      RobotSignals signals) {
    if (policy.spec().periodNanos() != robot.policyPeriodNanos()) {
      throw new RuntimeFault(
          "fitting policy '%s' to robot '%s': its period is %s ns, the robot's policy period %s ns"
              .formatted(
                  name, robot.name(), policy.spec().periodNanos(), robot.policyPeriodNanos()));
    }
    this.name = name;
    this.sha256 = sha256;
    this.policy = policy;
    assembler = new ObservationAssembler(policy.spec(), robot, signals);
    gate = new ForesightGate(policy.spec(), imaginedScale, limits, robot.foresight());
    chunks = new Latest<>(() -> new ActionChunk(policy.spec()));
    accepted = new ActionChunk(policy.spec());
    observation = new Observation(policy.spec());
    plan = new Plan(policy.spec());
    prefix = new double[policy.prefixSteps() * policy.spec().joints().size()];
    noiseSeed = policy.freeze().seed();
  }

  public String name() {
    return name;
  }

  /** Of its bundle, as hex; empty for what is no bundle. */
  public String sha256() {
    return sha256;
  }

  public Policy policy() {
    return policy;
  }

  /**
   * Of the running episode's random numbers, as {@link Policy#thaw} takes it; 0 for a policy that
   * knows none. Any thread.
   */
  public long noiseSeed() {
    return noiseSeed;
  }

  /**
   * The policy step from which its loop has planned with it, counted as {@link
   * ActionChunk#sequence()}; 0 for the one that the loop began with. Any thread.
   */
  public long sinceStep() {
    return sinceStep;
  }

  /** When that step was, on the runtime's clock. Any thread. */
  public long sinceNanos() {
    return sinceNanos;
  }

  ObservationAssembler assembler() {
    return assembler;
  }

  ForesightGate gate() {
    return gate;
  }

  Latest<ActionChunk> chunks() {
    return chunks;
  }

  /** A copy of the last chunk that was accepted; without steps if there was none. */
  ActionChunk accepted() {
    return accepted;
  }

  Observation observation() {
    return observation;
  }

  Plan plan() {
    return plan;
  }

  /** Room for what {@link Policy#commit} takes. */
  double[] prefix() {
    return prefix;
  }

  /** Forgets the running episode. Inference thread. */
  void reset() {
    policy.reset();
    noiseSeed = policy.freeze().seed();
    gate.forget();
  }

  /**
   * Starts over as the one that is planned with, perhaps after it was handed back once: no chunk of
   * then counts. Inference thread.
   *
   * @param step the first that it plans
   */
  void restart(long step, long now) {
    sinceStep = step;
    sinceNanos = now;
    chunks.forget();
    reset();
  }
}
