package dev.forearm.runtime.safety;

/**
 * The exact kinematics of braking in whole control cycles. A joint that moves at {@code speed} in
 * this cycle and loses {@code step} (its greatest deceleration times the period) in each cycle
 * after it, travels {@code period * (speed + (speed - step) + (speed - 2 step) + ...)} until it
 * rests. Working with this sum in place of the continuous {@code v^2 / 2a} is what lets position,
 * velocity and acceleration limits hold together at every cycle, with no tolerance to tune.
 */
public final class Braking {
  private Braking() {}

  /**
   * The distance covered in the next {@code cycles} cycles of braking, this cycle included.
   *
   * @param speed of this cycle, at least 0
   * @param step speed lost per cycle
   * @param period seconds
   */
  static double distance(double speed, double step, double period, double cycles) {
    double moving = Math.min(cycles, Math.floor(speed / step) + 1);
    return period * moving * (speed - 0.5 * step * (moving - 1));
  }

  /** The whole braking distance. */
  static double distance(double speed, double step, double period) {
    return distance(speed, step, period, Double.POSITIVE_INFINITY);
  }

  /**
   * The greatest speed for this cycle from which braking ends within {@code room}; the inverse of
   * {@link #distance}.
   *
   * <p>With n whole steps in the speed, the distance is {@code period * ((n + 1) speed - step n (n
   * + 1) / 2)}; n is the largest for which {@code speed = n step} still fits.
   *
   * @param room distance left, may be negative
   */
  public static double speedWithin(double room, double step, double period) {
    if (room <= 0) {
      return 0;
    }
    double unit = step * period; // distance of one cycle at one step of speed
    double n = Math.floor(0.5 * (Math.sqrt(1 + 8 * room / unit) - 1));
    return (room / period + 0.5 * step * n * (n + 1)) / (n + 1);
  }

  /**
   * The greatest speed for this cycle after which {@code v^2 + 2 offset v <= 2 deceleration room}
   * still holds of what is left of the room: the speed {@code sqrt(2 deceleration d) - offset} of a
   * {@link dev.forearm.runtime.robot.VelocityTaper}, told from where it is 0.
   *
   * <p>Braking by {@code step >= deceleration * period} a cycle keeps the inequality from cycle to
   * cycle, so a joint that obeys it once can obey it until it rests.
   *
   * @param room distance left to where the speed must be 0, may be negative
   */
  static double taperedSpeed(double room, double deceleration, double offset, double period) {
    if (room <= 0) {
      return 0;
    }
    double b = offset + deceleration * period;
    return 2 * deceleration * room / (b + Math.sqrt(b * b + 2 * deceleration * room));
  }
}
