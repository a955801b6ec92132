package dev.forearm.runtime.robot;

/**
 * One step along the serial chain: a fixed transform from the previous frame, then the motion of a
 * joint, if there is one. As in URDF, the rotation is yaw about z, after pitch about y, after roll
 * about x, of fixed axes.
 *
 * @param x translation in the previous frame, m
 * @param y translation in the previous frame, m
 * @param z translation in the previous frame, m
 * @param roll rad
 * @param pitch rad
 * @param yaw rad
 * @param joint index of the joint in the robot's command order, or {@link #FIXED}
 * @param axisX unit axis of the joint in its own frame; a joint in metres slides along it
 * @param axisY y of the axis
 * @param axisZ z of the axis
 */
public record ChainLink(
    double x,
    double y,
    double z,
    double roll,
    double pitch,
    double yaw,
    int joint,
    double axisX,
    double axisY,
    double axisZ) {
  /** The joint index of a link that does not move. */
  public static final int FIXED = -1;

  public ChainLink {
    if (joint != FIXED && Math.abs(Math.hypot(Math.hypot(axisX, axisY), axisZ) - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "axis %s %s %s of a chain link is not of length 1".formatted(axisX, axisY, axisZ));
    }
  }
}
