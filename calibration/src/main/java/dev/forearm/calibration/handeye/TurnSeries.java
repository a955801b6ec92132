package dev.forearm.calibration.handeye;

import dev.forearm.calibration.latency.Series;
import dev.forearm.runtime.robot.Robot;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.List;

/**
 * By how much something is turned against how it was first, over time, rad. A camera and the arm
 * that moves it turn by the same angle, wherever the camera stands on it: {@code A X = X B}.
 */
public final class TurnSeries {
  private final List<Long> nanos = new ArrayList<>();
  private final List<Se3_F64> poses = new ArrayList<>();

  /** Adds a pose at a later time. */
  public void add(long atNanos, Se3_F64 pose) {
    nanos.add(atNanos);
    poses.add(pose);
  }

  /** Whether nothing was added. */
  public boolean isEmpty() {
    return nanos.isEmpty();
  }

  /**
   * The angles.
   *
   * @throws IllegalArgumentException if nothing was added
   */
  public Series series() {
    return new Series(
        nanos.stream().mapToLong(Long::longValue).toArray(),
        poses.stream().mapToDouble(pose -> Poses.angle(poses.getFirst(), pose)).toArray());
  }

  /**
   * Of an arm's tool.
   *
   * @param nanos of the joint states
   * @param joints at each, in command order
   */
  public static Series ofArm(Robot robot, long[] nanos, List<double[]> joints) {
    ArmReadings arm = new ArmReadings(robot);
    TurnSeries turned = new TurnSeries();
    for (int i = 0; i < nanos.length; i++) {
      turned.add(nanos[i], arm.baseFromTool(joints.get(i), new double[arm.joints()]));
    }
    return turned.series();
  }
}
