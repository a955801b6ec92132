package dev.forearm.runtime.safety;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.Arrays;

/**
 * The path through the positions that a motion has had from cycle to cycle. Control thread; never
 * allocates.
 *
 * <p><b>Without a limit of jerk</b> it is a straight line from cycle to cycle.
 *
 * <p><b>With one</b> the positions are averaged over as many cycles as acceleration takes, at the
 * limit of jerk, to go from one extreme to the other, and a uniform cubic B-spline has these
 * averages as control points. An average keeps what bounds all it is made of: position, speed and
 * acceleration, and speed that falls towards the ends of the range as well, for the positions at
 * which a speed is allowed form a convex set. Averaged over n cycles, acceleration changes by no
 * more than 2 a / n a cycle: that limits jerk. The spline's derivatives are averages of its control
 * points' differences, so all of this holds at every moment and not only once a cycle.
 *
 * <pre>
 *   cycle      k-5   k-4   k-3   k-2   k-1    k        2 a / jerk of 3 cycles
 *   average                 |___________________|
 *   spline            |___________________________|    the share 1 of cycle k
 * </pre>
 */
final class MotionPath {
  private static final int STRAIGHT = 2;
  private static final int CUBIC = 4;

  private final int joints;
  private final int averaged; // cycles
  private final int controls; // control points that a point of the path depends on
  private final double[][] past; // [cycles ago][joint]
  private final double[] weights; // [cycles ago]
  private final double[] cycleWeights; // of the share 1
  private final double[] basis;

  MotionPath(Robot robot) {
    joints = robot.jointCount();
    double period = robot.controlPeriodNanos() * 1e-9;
    boolean smooth = robot.joints().stream().anyMatch(joint -> joint.jerkMax().isPresent());
    averaged = robot.joints().stream().mapToInt(joint -> averaged(joint, period)).max().orElse(1);
    controls = smooth ? CUBIC : STRAIGHT;
    basis = new double[controls];
    weights = new double[averaged + controls - 1];
    past = new double[weights.length + 1][joints]; // one more, for shares below 0
    weigh(1);
    int last = weights.length;
    while (weights[last - 1] == 0) {
      last--;
    }
    cycleWeights = Arrays.copyOf(weights, last);
  }

  /** Starts over at rest. */
  void restart(double[] position) {
    for (double[] cycle : past) {
      System.arraycopy(position, 0, cycle, 0, joints);
    }
  }

  /** Takes the position of one more cycle. */
  void add(double[] position) {
    double[] oldest = past[past.length - 1];
    System.arraycopy(past, 0, past, 1, past.length - 1);
    System.arraycopy(position, 0, oldest, 0, joints);
    past[0] = oldest;
  }

  /**
   * A point of the path.
   *
   * @param share how much of the newest cycle has passed, above -1 and at most 1; one at 0 or below
   *     is of the cycle before
   * @param point receives joint positions
   */
  void at(double share, double[] point) {
    int since = share > 0 ? 0 : 1;
    weigh(share + since);
    double[] newest = past[since];
    for (int j = 0; j < joints; j++) {
      double sum = 0; // of differences: at rest it is exactly 0
      for (int i = 1; i < weights.length; i++) {
        sum += weights[i] * (past[since + i][j] - newest[j]);
      }
      point[j] = newest[j] + sum;
    }
  }

  /** How far the path is behind the newest position, in cycles. */
  double delayCycles() {
    return controls == CUBIC ? 0.5 * (averaged + 1) : 0;
  }

  /**
   * What each cycle weighs in the path's point of the newest cycle, newest first; its own array.
   */
  double[] cycleWeights() {
    return cycleWeights;
  }

  /** A joint's position some cycles ago; 0 is the newest. */
  double past(int cyclesAgo, int joint) {
    return past[cyclesAgo][joint];
  }

  private void weigh(double u) {
    if (controls == STRAIGHT) {
      basis[0] = u;
      basis[1] = 1 - u;
    } else {
      double w = 1 - u;
      basis[0] = u * u * u / 6;
      basis[1] = (1 + 3 * u * (1 + u * w)) / 6;
      basis[2] = (1 + 3 * w * (1 + w * u)) / 6;
      basis[3] = w * w * w / 6;
    }
    Arrays.fill(weights, 0);
    for (int b = 0; b < controls; b++) {
      for (int i = 0; i < averaged; i++) {
        weights[b + i] += basis[b] / averaged;
      }
    }
  }

  /** Cycles in which jerk turns acceleration from one extreme to the other. */
  private static int averaged(Joint joint, double period) {
    double rounding = 1e-9;
    double cycles =
        joint.jerkMax().map(jerk -> 2 * joint.accelerationMax() / (jerk * period)).orElse(0.0);
    return (int) Math.max(1, Math.ceil(cycles - rounding));
  }
}
