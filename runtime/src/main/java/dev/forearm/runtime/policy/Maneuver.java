package dev.forearm.runtime.policy;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.Robot;

/**
 * A slow motion of all joints that begins wherever the arm stands and ends at rest; for {@link
 * ManeuverPolicy}. Immutable; allocates nothing.
 */
public sealed interface Maneuver {
  /**
   * How long it takes.
   *
   * @param start of each joint, rad or m
   * @return seconds
   */
  double seconds(float[] start);

  /**
   * Where a joint is to be.
   *
   * @param start of the joint, rad or m
   * @param part of the whole time, 0 to 1
   * @param seconds since it began
   * @return rad or m
   */
  double at(int joint, double start, double part, double seconds);

  /** From 0 to 1, at rest at both ends. */
  private static double eased(double part) {
    return 0.5 * (1 - Math.cos(Math.PI * part));
  }

  /** None: wherever the arm is, there it is to stay. */
  record Stay() implements Maneuver {
    @Override
    public double seconds(float[] start) {
      return 0;
    }

    @Override
    public double at(int joint, double start, double part, double seconds) {
      return start;
    }
  }

  /**
   * All joints to a pose, straight in joint space and there at once.
   *
   * @param target of each joint, rad or m, in command order
   * @param speedMax of each joint, rad/s or m/s
   */
  @SuppressWarnings("ArrayRecordComponent") // read and never compared
  record Journey(double[] target, double[] speedMax) implements Maneuver {
    private static final double SHARE_OF_SPEED = 0.1;
    private static final double TURN_MAX = 0.3; // rad/s
    private static final double SLIDE_MAX = 0.02; // m/s
    private static final double SECONDS_MIN = 1;

    /** At a tenth of each joint's greatest speed, and never faster than .3 rad/s or 20 mm/s. */
    public static Journey slow(Robot robot, double[] target) {
      return new Journey(
          target.clone(),
          robot.joints().stream()
              .mapToDouble(joint ->
                  Math.min(
                      SHARE_OF_SPEED * joint.velocityMax(),
                      joint.unit() == JointUnit.RADIAN ? TURN_MAX : SLIDE_MAX))
              .toArray());
    }

    @Override
    public double seconds(float[] start) {
      double seconds = SECONDS_MIN;
      for (int j = 0; j < target.length; j++) {
        double travel = Math.abs(target[j] - start[j]);
        seconds = Math.max(seconds, 0.5 * Math.PI * travel / speedMax[j]);
      }
      return seconds;
    }

    @Override
    public double at(int joint, double start, double part, double seconds) {
      return start + (target[joint] - start) * eased(part);
    }
  }

  /**
   * All joints uneven and each in its own time, between where they stand and a little way towards
   * the middle of their range, for {@value #SECONDS} s: what shows gains, lags and latencies.
   *
   * @param travel of each joint, rad or m, with its sign
   */
  @SuppressWarnings("ArrayRecordComponent") // read and never compared
  record Excitation(double[] travel) implements Maneuver {
    private static final double SECONDS = 15;
    private static final double EDGE_SECONDS = 1.5; // to begin and to end in
    private static final double SHARE_OF_RANGE = 0.06;
    private static final double SHARE_OF_SPEED = 0.25;

    /** Two sines that do not repeat together, rad/s. */
    private static final double SLOW = 1.9;

    private static final double FAST = 5.3;
    private static final double SLOW_SHARE = 0.65;

    /** Of the sum of both, whose greatest value is 1. */
    private static final double SPEED_MAX = 0.5 * (SLOW_SHARE * SLOW + (1 - SLOW_SHARE) * FAST);

    /**
     * At most a quarter of each joint's greatest speed and six hundredths of its range.
     *
     * @param positions where the arm stands, rad or m, in command order
     * @param turnMaxRad how far a joint turns at most
     */
    public static Excitation gentle(Robot robot, double[] positions, double turnMaxRad) {
      double[] travel = new double[robot.jointCount()];
      for (int j = 0; j < travel.length; j++) {
        Joint joint = robot.joints().get(j);
        double most = SHARE_OF_RANGE * (joint.positionMax() - joint.positionMin());
        most = Math.min(most, SHARE_OF_SPEED * joint.velocityMax() / SPEED_MAX);
        most = joint.unit() == JointUnit.RADIAN ? Math.min(most, turnMaxRad) : most;
        travel[j] = positions[j] < joint.positionMiddle() ? most : -most;
      }
      return new Excitation(travel);
    }

    @Override
    public double seconds(float[] start) {
      return SECONDS;
    }

    @Override
    public double at(int joint, double start, double part, double seconds) {
      double edge = Math.min(seconds, SECONDS - seconds) / EDGE_SECONDS;
      double phase = 2.4 * joint; // the golden angle: no two joints move alike
      double sum =
          SLOW_SHARE * Math.sin(SLOW * seconds + phase)
              + (1 - SLOW_SHARE) * Math.sin(FAST * seconds + 2 * phase);
      return start + travel[joint] * eased(Math.clamp(edge, 0, 1)) * 0.5 * (1 + sum);
    }
  }
}
