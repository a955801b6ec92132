package dev.forearm.ros.robot;

import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.Map;
import java.util.Optional;

/**
 * What an episode holds of one moment: of everything the newest that there was by then.
 *
 * @param nanos the episode's clock
 * @param measured positions of the joints in command order, rad or m; empty before all were heard
 *     of
 * @param command alike, what was sent last; empty before all were commanded
 * @param state what the arm was allowed to do; empty where that was not recorded
 * @param reason why
 * @param observation [feature], physical units
 * @param imagination [frame][feature], physical units
 * @param realised distance of what happened from what was imagined, NaN where there is none
 * @param spread of the plans, alike
 * @param driver who made the last chunk
 * @param objects x y z in m, qw qx qy qz, base frame, by name in the order of the publisher
 * @param task how the task stood; empty where nobody judged it
 */
public record Moment(
    long nanos,
    Optional<double[]> measured,
    Optional<double[]> command,
    Optional<SafetyState> state,
    SafetyReason reason,
    Optional<Stamped> observation,
    Optional<Stamped> imagination,
    double realised,
    double spread,
    Driver driver,
    Map<String, double[]> objects,
    Optional<Task> task) {

  /**
   * Values of a policy's step.
   *
   * @param nanos stamp of the observation
   * @param values not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // held, never compared
  public record Stamped(long nanos, float[] values) {}

  /**
   * How a task stands.
   *
   * @param stage what is to be done now
   * @param done stages done
   * @param stages stages in all
   */
  public record Task(String stage, int done, int stages) {}
}
