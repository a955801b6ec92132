package dev.forearm.runtime.kinematics;

/** Rotation matrices, row-major in arrays of 9, and quaternions in wxyz order. */
public final class Rotations {
  private Rotations() {}

  /** Rz(yaw) Ry(pitch) Rx(roll), the convention of URDF; rad. */
  public static double[] fromRollPitchYaw(double roll, double pitch, double yaw) {
    double cr = Math.cos(roll);
    double sr = Math.sin(roll);
    double cp = Math.cos(pitch);
    double sp = Math.sin(pitch);
    double cy = Math.cos(yaw);
    double sy = Math.sin(yaw);
    return new double[] {
      cy * cp,
      cy * sp * sr - sy * cr,
      cy * sp * cr + sy * sr,
      sy * cp,
      sy * sp * sr + cy * cr,
      sy * sp * cr - cy * sr,
      -sp,
      cp * sr,
      cp * cr
    };
  }

  static void setIdentity(double[] r) {
    for (int i = 0; i < 9; i++) {
      r[i] = i % 4 == 0 ? 1 : 0;
    }
  }

  /** Rodrigues' formula for a unit axis and an angle in rad. */
  static void setAxisAngle(double[] axis, double angle, double[] r) {
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    double t = 1 - c;
    double x = axis[0];
    double y = axis[1];
    double z = axis[2];
    r[0] = t * x * x + c;
    r[1] = t * x * y - s * z;
    r[2] = t * x * z + s * y;
    r[3] = t * x * y + s * z;
    r[4] = t * y * y + c;
    r[5] = t * y * z - s * x;
    r[6] = t * x * z - s * y;
    r[7] = t * y * z + s * x;
    r[8] = t * z * z + c;
  }

  static void multiply(double[] a, double[] b, double[] product) {
    for (int row = 0; row < 9; row += 3) {
      for (int column = 0; column < 3; column++) {
        product[row + column] =
            a[row] * b[column] + a[row + 1] * b[3 + column] + a[row + 2] * b[6 + column];
      }
    }
  }

  static void apply(double[] r, double[] vector, double[] result) {
    for (int row = 0; row < 3; row++) {
      result[row] =
          r[3 * row] * vector[0] + r[3 * row + 1] * vector[1] + r[3 * row + 2] * vector[2];
    }
  }

  /**
   * Writes a rotation as a unit quaternion.
   *
   * <p>Shepperd's method (1978): divide by the largest of the four components.
   *
   * @param r rotation matrix, row-major
   * @param q receives qw qx qy qz from {@code offset} on, with qw &gt;= 0
   */
  public static void toQuaternion(double[] r, double[] q, int offset) {
    double w = r[0] + r[4] + r[8];
    double x = r[0] - r[4] - r[8];
    double y = r[4] - r[0] - r[8];
    double z = r[8] - r[0] - r[4];
    double largest = Math.max(Math.max(w, x), Math.max(y, z));
    double root = Math.sqrt(1 + largest);
    double half = 0.5 * root;
    double rest = 0.5 / root;
    if (largest == w) {
      set(q, offset, half, (r[7] - r[5]) * rest, (r[2] - r[6]) * rest, (r[3] - r[1]) * rest);
    } else if (largest == x) {
      set(q, offset, (r[7] - r[5]) * rest, half, (r[1] + r[3]) * rest, (r[2] + r[6]) * rest);
    } else if (largest == y) {
      set(q, offset, (r[2] - r[6]) * rest, (r[1] + r[3]) * rest, half, (r[5] + r[7]) * rest);
    } else {
      set(q, offset, (r[3] - r[1]) * rest, (r[2] + r[6]) * rest, (r[5] + r[7]) * rest, half);
    }
  }

  /**
   * Writes the first two columns of a quaternion's rotation matrix: the six-number form of a
   * rotation that a network can regress without a jump (Zhou et al., CVPR 2019).
   *
   * @param q holds qw qx qy qz from {@code from} on, of length 1
   * @param columns receives m00 m10 m20 m01 m11 m21 from {@code to} on
   */
  public static void firstTwoColumns(double[] q, int from, float[] columns, int to) {
    double w = q[from];
    double x = q[from + 1];
    double y = q[from + 2];
    double z = q[from + 3];
    columns[to] = (float) (1 - 2 * (y * y + z * z));
    columns[to + 1] = (float) (2 * (x * y + w * z));
    columns[to + 2] = (float) (2 * (x * z - w * y));
    columns[to + 3] = (float) (2 * (x * y - w * z));
    columns[to + 4] = (float) (1 - 2 * (x * x + z * z));
    columns[to + 5] = (float) (2 * (y * z + w * x));
  }

  /**
   * How far a rotation turns about the vertical: where it has the x axis point, seen from above.
   *
   * @param q holds qw qx qy qz from {@code from} on, of length 1
   * @return rad
   */
  public static double yaw(double[] q, int from) {
    double w = q[from];
    double x = q[from + 1];
    double y = q[from + 2];
    double z = q[from + 3];
    return Math.atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z));
  }

  private static void set(double[] q, int offset, double w, double x, double y, double z) {
    double sign = w < 0 ? -1 : 1;
    q[offset] = sign * w;
    q[offset + 1] = sign * x;
    q[offset + 2] = sign * y;
    q[offset + 3] = sign * z;
  }
}
