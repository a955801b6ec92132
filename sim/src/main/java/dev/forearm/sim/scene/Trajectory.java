package dev.forearm.sim.scene;

/**
 * A joint trajectory being followed, as joint_trajectory_controller does: from where the arm was
 * told to be when it came, through the points at their times; cubic where points carry velocities,
 * linear where they do not; the last point is held.
 */
public final class Trajectory {
  private final double[] times; // s from the start, ascending
  private final double[][] positions; // [point][joint], command order
  private final double[][] velocities; // [point][joint], or none at all
  private final double[] start;
  private boolean started;
  private long startNanos;

  /**
   * @param times of the points, s after the trajectory takes effect, ascending, the first at least
   *     0
   * @param positions [point][joint] in command order, rad or m
   * @param velocities [point][joint], rad/s or m/s, or an empty array
   * @throws IllegalArgumentException saying which point is wrong and how
   */
  public Trajectory(double[] times, double[][] positions, double[][] velocities) {
    if (times.length == 0 || positions.length != times.length) {
      throw new IllegalArgumentException("a trajectory needs at least one point");
    }
    if (velocities.length != 0 && velocities.length != times.length) {
      throw new IllegalArgumentException("either every point has velocities or none has");
    }
    for (int i = 0; i < times.length; i++) {
      if (!(times[i] >= 0) || (i > 0 && !(times[i] > times[i - 1]))) {
        throw new IllegalArgumentException(
            "time_from_start of point %s is %s s; wanted ascending times from 0"
                .formatted(i, times[i]));
      }
      check(positions[i], i, "positions");
      if (velocities.length != 0) {
        check(velocities[i], i, "velocities");
      }
    }
    this.times = times.clone();
    this.positions = positions.clone();
    this.velocities = velocities.clone();
    this.start = new double[Tabletop.JOINTS.size()];
  }

  private static void check(double[] values, int point, String what) {
    if (values.length != Tabletop.JOINTS.size()) {
      throw new IllegalArgumentException(
          "point %s has %s %s, wanted %s"
              .formatted(point, values.length, what, Tabletop.JOINTS.size()));
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("point %s has %s in %s".formatted(point, value, what));
      }
    }
  }

  /** Begins at the positions the arm was told before. */
  void begin(double[] from, long nowNanos) {
    System.arraycopy(from, 0, start, 0, start.length);
    startNanos = nowNanos;
    started = true;
  }

  boolean begun() {
    return started;
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
    double t0 = next == 0 ? 0 : times[next - 1];
    double span = times[next] - t0;
    double s = (now - t0) / span;
    for (int joint = 0; joint < target.length; joint++) {
      double p0 = next == 0 ? start[joint] : positions[next - 1][joint];
      double p1 = positions[next][joint];
      if (velocities.length == 0) {
        target[joint] = p0 + s * (p1 - p0);
      } else {
        double v0 = next == 0 ? 0 : velocities[next - 1][joint];
        target[joint] = hermite(s, p0, v0 * span, p1, velocities[next][joint] * span);
      }
    }
  }

  /** The cubic with values p0, p1 and slopes m0, m1 at s = 0 and 1. */
  private static double hermite(double s, double p0, double m0, double p1, double m1) {
    double r = 1 - s;
    return r * r * ((1 + 2 * s) * p0 + s * m0) + s * s * ((3 - 2 * s) * p1 - r * m1);
  }
}
