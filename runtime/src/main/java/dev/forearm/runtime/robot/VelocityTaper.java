package dev.forearm.runtime.robot;

/**
 * A joint's greatest speed where it nears an end of its range, in the form of Franka's FR3 ({@code
 * position_based_velocity_limits} of its URDF): towards an end that is {@code d} away,
 *
 * <pre>
 *   sqrt(2 deceleration d) - offset, at least 0
 * </pre>
 *
 * @param offset unit per second, not negative
 * @param deceleration unit per second squared
 * @param positionMin the lower end; the limits of position may be tighter
 * @param positionMax the upper end
 */
public record VelocityTaper(
    double offset, double deceleration, double positionMin, double positionMax) {
  public VelocityTaper {
    double stop = offset * offset / (2 * deceleration);
    if (!(offset >= 0) || !(deceleration > 0) || !(positionMin + stop < positionMax - stop)) {
      throw new IllegalArgumentException(
          ("velocity_taper: found offset %s, deceleration %s, position %s to %s; wanted an offset"
                  + " that is not negative, a positive deceleration and room between the ends")
              .formatted(offset, deceleration, positionMin, positionMax));
    }
  }

  /** The greatest velocity at a position, towards the upper end. */
  public double upwards(double position) {
    return speed(positionMax - position);
  }

  /** The greatest speed at a position, towards the lower end. */
  public double downwards(double position) {
    return speed(position - positionMin);
  }

  /** Below this position the joint may not go down at all. */
  public double stopMin() {
    return positionMin + stop();
  }

  /** Above this position the joint may not go up at all. */
  public double stopMax() {
    return positionMax - stop();
  }

  private double stop() {
    return offset * offset / (2 * deceleration);
  }

  private double speed(double distance) {
    return Math.max(0, Math.sqrt(Math.max(0, 2 * deceleration * distance)) - offset);
  }
}
