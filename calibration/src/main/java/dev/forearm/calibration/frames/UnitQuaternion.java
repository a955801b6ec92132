package dev.forearm.calibration.frames;

/**
 * A rotation as a unit quaternion, Hamilton convention, order <b>w x y z</b>. ROS messages carry x
 * y z w: use {@link #ofXyzw}. Components are normalised on construction.
 */
public record UnitQuaternion(double w, double x, double y, double z) {
  public static final UnitQuaternion IDENTITY = new UnitQuaternion(1, 0, 0, 0);

  public UnitQuaternion {
    double norm = Math.sqrt(w * w + x * x + y * y + z * z);
    if (!(norm > 1e-9) || !Double.isFinite(norm)) {
      throw new IllegalArgumentException(
          "quaternion wxyz (%s, %s, %s, %s) has no direction: its norm is %s"
              .formatted(w, x, y, z, norm));
    }
    w /= norm;
    x /= norm;
    y /= norm;
    z /= norm;
  }

  /** From the order that ROS messages use. */
  public static UnitQuaternion ofXyzw(double x, double y, double z, double w) {
    return new UnitQuaternion(w, x, y, z);
  }

  /** Rotation by {@code angleRad} about the axis (x, y, z), which need not be of unit length. */
  public static UnitQuaternion ofAxisAngle(double x, double y, double z, double angleRad) {
    double norm = Math.sqrt(x * x + y * y + z * z);
    if (!(norm > 1e-12)) {
      throw new IllegalArgumentException("rotation axis has no direction");
    }
    double s = Math.sin(angleRad / 2) / norm;
    return new UnitQuaternion(Math.cos(angleRad / 2), x * s, y * s, z * s);
  }

  /** This rotation after {@code first}. */
  public UnitQuaternion times(UnitQuaternion first) {
    return new UnitQuaternion(
        w * first.w - x * first.x - y * first.y - z * first.z,
        w * first.x + x * first.w + y * first.z - z * first.y,
        w * first.y - x * first.z + y * first.w + z * first.x,
        w * first.z + x * first.y - y * first.x + z * first.w);
  }

  public UnitQuaternion inverse() {
    return new UnitQuaternion(w, -x, -y, -z);
  }

  /** Angle of the smallest rotation between the two, radians, 0 to pi. */
  public double angleTo(UnitQuaternion other) {
    UnitQuaternion d = inverse().times(other);
    return 2 * Math.atan2(Math.sqrt(d.x * d.x + d.y * d.y + d.z * d.z), Math.abs(d.w));
  }

  /** Rotates (vx, vy, vz); the result is {x, y, z}. */
  double[] rotate(double vx, double vy, double vz) {
    double tx = 2 * (y * vz - z * vy);
    double ty = 2 * (z * vx - x * vz);
    double tz = 2 * (x * vy - y * vx);
    return new double[] {
      vx + w * tx + (y * tz - z * ty),
      vy + w * ty + (z * tx - x * tz),
      vz + w * tz + (x * ty - y * tx)
    };
  }
}
