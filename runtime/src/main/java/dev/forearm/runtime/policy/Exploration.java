package dev.forearm.runtime.policy;

import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;
import java.util.List;

/**
 * How far a policy's actions are made to stray from what it chose, so that it meets what it would
 * not meet by itself: an {@link OrnsteinUhlenbeck} process a joint.
 *
 * @param jointStd standard deviation of each joint's displacement in command order, rad or m
 * @param correlationSeconds over which a displacement is forgotten
 * @param seed equal seeds, equal displacements
 */
public record Exploration(List<Double> jointStd, double correlationSeconds, long seed) {
  private static final double CORRELATION_SECONDS = 0.4;

  /**
   * Of all joints that turn alike, forgotten over 0.4 s; fingers do not stray.
   *
   * @throws IllegalArgumentException if the deviation is negative
   */
  public static Exploration turning(Robot robot, double rad, long seed) {
    return new Exploration(
        robot.joints().stream().map(joint -> joint.unit() == JointUnit.METRE ? 0.0 : rad).toList(),
        CORRELATION_SECONDS,
        seed);
  }

  /**
   * @throws IllegalArgumentException if a deviation is negative or the correlation time not
   *     positive
   */
  public Exploration {
    jointStd = List.copyOf(jointStd);
    if (!jointStd.stream().allMatch(std -> std >= 0 && Double.isFinite(std))
        || !(correlationSeconds > 0)) {
      throw new IllegalArgumentException(
          "exploration: wanted standard deviations of at least 0 and a positive correlation time, found %s and %s s"
              .formatted(jointStd, correlationSeconds));
    }
  }
}
