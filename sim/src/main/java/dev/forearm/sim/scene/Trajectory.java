package dev.forearm.sim.scene;

/**
 * A joint trajectory being followed, as joint_trajectory_controller does: from where the joints
 * were told to be when it came, through the points at their times; cubic between points that both
 * carry velocities, linear otherwise; the last point is held.
 */
public final class Trajectory {
  private final double[] times; // s from the start, ascending
  private final double[][] positions; // [point][joint]
  private final double[][] velocities; // [point][joint], or an empty row
  private final double[] before; // where the joints were told to be when it came
  private double beforeSeconds; // when that was, from the start
  private long startNanos;

  /**
   * @param times of the points, s after the trajectory's start, ascending, the first at least 0
   * @param positions [point][joint], rad or m
   * @param velocities [point][joint], rad/s or m/s; an empty row for a point without
   * @param joints how many there are
   * @throws IllegalArgumentException saying which point is wrong and how
   */
  public Trajectory(double[] times, double[][] positions, double[][] velocities, int joints) {
    if (times.length == 0 || positions.length != times.length) {
      throw new IllegalArgumentException("a trajectory needs at least one point");
    }
    for (int i = 0; i < times.length; i++) {
      if (!(times[i] >= 0) || (i > 0 && !(times[i] > times[i - 1]))) {
        throw new IllegalArgumentException(
            "time_from_start of point %s is %s s; wanted ascending times from 0"
                .formatted(i, times[i]));
      }
      if (positions[i].length != joints) {
        throw new IllegalArgumentException(
            "point %s has %s positions, wanted %s".formatted(i, positions[i].length, joints));
      }
      if (velocities[i].length != 0 && velocities[i].length != joints) {
        throw new IllegalArgumentException(
            "point %s has %s velocities, wanted %s or none"
                .formatted(i, velocities[i].length, joints));
      }
      checkFinite(positions[i], i, "positions");
      checkFinite(velocities[i], i, "velocities");
    }
    this.times = times.clone();
    this.positions = positions.clone();
    this.velocities = velocities.clone();
    this.before = new double[joints];
  }

  private static void checkFinite(double[] values, int point, String what) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("point %s has %s in %s".formatted(point, value, what));
      }
    }
  }

  /** From its start to its last point, nanoseconds. */
  public long durationNanos() {
    return Math.round(times[times.length - 1] * 1e9);
  }

  /**
   * Begins at the positions the joints were told before.
   *
   * @param startNanos may have passed: the points before {@code nowNanos} are then left out
   */
  void begin(double[] from, long startNanos, long nowNanos) {
    System.arraycopy(from, 0, before, 0, before.length);
    beforeSeconds = (nowNanos - startNanos) * 1e-9;
    this.startNanos = startNanos;
  }

  /** Writes where the joints should be now. */
  void sample(long nowNanos, double[] target) {
    double now = (nowNanos - startNanos) * 1e-9;
    int next = 0;
    while (next < times.length && times[next] <= now) {
      next++;
    }
    if (next == times.length) {
      System.arraycopy(positions[next - 1], 0, target, 0, target.length);
      return;
    }
    double t0 = next == 0 ? beforeSeconds : times[next - 1];
    double span = times[next] - t0;
    double s = (now - t0) / span;
    boolean cubic = velocities[next].length != 0 && (next == 0 || velocities[next - 1].length != 0);
    for (int joint = 0; joint < target.length; joint++) {
      double p0 = next == 0 ? before[joint] : positions[next - 1][joint];
      double p1 = positions[next][joint];
      if (cubic) {
        double v0 = next == 0 ? 0 : velocities[next - 1][joint];
        target[joint] = hermite(s, p0, v0 * span, p1, velocities[next][joint] * span);
      } else {
        target[joint] = p0 + s * (p1 - p0);
      }
    }
  }

  /** The cubic with values p0, p1 and slopes m0, m1 at s = 0 and 1. */
  private static double hermite(double s, double p0, double m0, double p1, double m1) {
    double r = 1 - s;
    return r * r * ((1 + 2 * s) * p0 + s * m0) + s * s * ((3 - 2 * s) * p1 - r * m1);
  }
}
