package dev.forearm.runtime.kinematics;

/**
 * The way of a tool from one pose to another. Poses are as {@link SerialChain#toolPose} writes
 * them. No call allocates.
 */
public final class ToolTravel {
  private ToolTravel() {}

  /**
   * Tells how far it is. Divided by a time, this is the steady twist that takes the tool there.
   *
   * @param from x y z in m, qw qx qy qz
   * @param to x y z in m, qw qx qy qz
   * @param travel receives dx dy dz in m and the rotation vector in rad, along the base frame's
   *     axes; of equal poses zeros
   */
  public static void between(double[] from, double[] to, double[] travel) {
    for (int i = 0; i < 3; i++) {
      travel[i] = to[i] - from[i];
    }
    // to * conjugate(from)
    double w = to[3] * from[3] + to[4] * from[4] + to[5] * from[5] + to[6] * from[6];
    double x = (to[4] * from[3] - to[3] * from[4]) + (to[6] * from[5] - to[5] * from[6]);
    double y = (to[5] * from[3] - to[3] * from[5]) + (to[4] * from[6] - to[6] * from[4]);
    double z = (to[6] * from[3] - to[3] * from[6]) + (to[5] * from[4] - to[4] * from[5]);
    double sine = Math.sqrt(x * x + y * y + z * z);
    double sign = w < 0 ? -1 : 1; // the shorter way round
    double scale = sine > 0 ? sign * 2 * Math.atan2(sine, sign * w) / sine : 0;
    travel[3] = scale * x;
    travel[4] = scale * y;
    travel[5] = scale * z;
  }

  /**
   * Turns both halves of a travel or a twist from the base frame's axes to the tool's.
   *
   * @param pose of the tool: x y z in m, qw qx qy qz
   * @param travel turned in place
   */
  public static void turnToTool(double[] pose, double[] travel) {
    turn(pose, travel, 0);
    turn(pose, travel, 3);
  }

  /** {@code v - 2 w (u x v) + 2 u x (u x v)} for the inverse of the rotation (w, u). */
  private static void turn(double[] pose, double[] vector, int offset) {
    double w = pose[3];
    double ux = pose[4];
    double uy = pose[5];
    double uz = pose[6];
    double x = vector[offset];
    double y = vector[offset + 1];
    double z = vector[offset + 2];
    double cx = uy * z - uz * y;
    double cy = uz * x - ux * z;
    double cz = ux * y - uy * x;
    vector[offset] = x - 2 * w * cx + 2 * (uy * cz - uz * cy);
    vector[offset + 1] = y - 2 * w * cy + 2 * (uz * cx - ux * cz);
    vector[offset + 2] = z - 2 * w * cz + 2 * (ux * cy - uy * cx);
  }
}
