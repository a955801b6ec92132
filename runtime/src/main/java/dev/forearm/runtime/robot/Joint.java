package dev.forearm.runtime.robot;

import java.util.Optional;

/**
 * One commanded joint and its limits.
 *
 * @param name as in {@code sensor_msgs/JointState.name}
 * @param unit unit of every position below
 * @param positionMin lowest position that may be commanded
 * @param positionMax highest position that may be commanded
 * @param velocityMax highest speed of the command, unit per second
 * @param accelerationMax highest acceleration of the command, unit per second squared
 * @param jerkMax highest jerk of the command, unit per second cubed; empty: not limited
 * @param trackingErrorMax furthest that the joint may be from its command for longer than {@link
 *     Timeouts#trackingErrorNanos}; empty: anything
 * @param taper how speed falls towards the ends of the range; empty: not at all
 * @param unitMap other unit in which policies may speak of it; empty: none
 */
public record Joint(
    String name,
    JointUnit unit,
    double positionMin,
    double positionMax,
    double velocityMax,
    double accelerationMax,
    Optional<Double> jerkMax,
    Optional<Double> trackingErrorMax,
    Optional<VelocityTaper> taper,
    Optional<UnitMap> unitMap) {
  /** The longest time over which a command may be averaged to limit its jerk, s. */
  private static final double AVERAGED_SECONDS_MAX = 0.1;

  public Joint {
    if (!(positionMin < positionMax)) {
      throw new IllegalArgumentException(
          "joint '%s': position_min %s is not below position_max %s"
              .formatted(name, positionMin, positionMax));
    }
    if (!(velocityMax > 0) || !(accelerationMax > 0)) {
      throw new IllegalArgumentException(
          "joint '%s': velocity_max %s and acceleration_max %s must be positive"
              .formatted(name, velocityMax, accelerationMax));
    }
    if (!(trackingErrorMax.orElse(1.0) > 0)) {
      throw new IllegalArgumentException(
          "joint '%s': tracking_error_max %s must be positive"
              .formatted(name, trackingErrorMax.orElseThrow()));
    }
    double jerk = jerkMax.orElse(Double.POSITIVE_INFINITY);
    if (!(2 * accelerationMax <= jerk * AVERAGED_SECONDS_MAX)) {
      throw new IllegalArgumentException(
          ("joint '%s': jerk_max %s is below %s, with which full acceleration takes %s s to turn"
                  + " round; lower acceleration_max as well")
              .formatted(
                  name, jerk, 2 * accelerationMax / AVERAGED_SECONDS_MAX, AVERAGED_SECONDS_MAX));
    }
  }

  /** A joint with no limit of jerk and tracking error, and one limit of speed everywhere. */
  public Joint(
      String name,
      JointUnit unit,
      double positionMin,
      double positionMax,
      double velocityMax,
      double accelerationMax) {
    this(
        name,
        unit,
        positionMin,
        positionMax,
        velocityMax,
        accelerationMax,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The middle of the range of positions that may be commanded. */
  public double positionMiddle() {
    return 0.5 * (positionMin + positionMax);
  }
}
