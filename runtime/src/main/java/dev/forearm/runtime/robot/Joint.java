package dev.forearm.runtime.robot;

/**
 * One commanded joint and its limits.
 *
 * @param name as in {@code sensor_msgs/JointState.name}
 * @param unit unit of every position below
 * @param positionMin lowest position that may be commanded
 * @param positionMax highest position that may be commanded
 * @param velocityMax highest speed of the command, unit per second
 * @param accelerationMax highest acceleration of the command, unit per second squared
 */
public record Joint(
    String name,
    JointUnit unit,
    double positionMin,
    double positionMax,
    double velocityMax,
    double accelerationMax) {
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
  }

  /** The middle of the range of positions that may be commanded. */
  public double positionMiddle() {
    return 0.5 * (positionMin + positionMax);
  }
}
