package dev.forearm.runtime.robot;

import java.util.Optional;

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
 * @param mimic how it follows the joint; empty: it is moved by the joint itself
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
    double axisZ,
    Optional<Mimic> mimic) {
  /** The joint index of a link that does not move. */
  public static final int FIXED = -1;

  public ChainLink {
    if (joint != FIXED && Math.abs(Math.hypot(Math.hypot(axisX, axisY), axisZ) - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "axis %s %s %s of a chain link is not of length 1".formatted(axisX, axisY, axisZ));
    }
  }

  /** How it moves with its joint: as it mimics it, or as the joint itself. */
  public Mimic motion(Joint of) {
    return mimic.orElse(new Mimic(1, 0, of.unit() == JointUnit.METRE));
  }

  /**
   * The motion of a link that is coupled to a joint, as {@code mimic} in URDF: {@code multiplier
   * position + offset}.
   *
   * @param multiplier of the joint's position
   * @param offset rad or m
   * @param slides whether it slides along the axis; otherwise it turns about it
   */
  public record Mimic(double multiplier, double offset, boolean slides) {}
}
