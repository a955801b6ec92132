package dev.forearm.calibration.frames;

/**
 * Where one frame stands in another: maps coordinates in {@code from} to coordinates in {@code to}.
 * A variable holding one is named after both, {@code cameraFromBase}, so that products read right:
 * {@code cameraFromTool = cameraFromBase.times(baseFromTool)}.
 *
 * @param to frame of the result
 * @param from frame of the argument
 * @param x origin of {@code from} in {@code to}, metres
 * @param y origin of {@code from} in {@code to}, metres
 * @param z origin of {@code from} in {@code to}, metres
 * @param rotation turns directions in {@code from} into directions in {@code to}
 */
public record RigidTransform(
    String to, String from, double x, double y, double z, UnitQuaternion rotation) {
  public RigidTransform {
    if (to.isBlank() || from.isBlank()) {
      throw new IllegalArgumentException("a transform needs the names of both its frames");
    }
    if (!Double.isFinite(x) || !Double.isFinite(y) || !Double.isFinite(z)) {
      throw new IllegalArgumentException(
          "transform %s from %s: origin (%s, %s, %s) is not finite".formatted(to, from, x, y, z));
    }
  }

  /**
   * This transform after {@code inner}.
   *
   * @throws IllegalArgumentException if {@code inner} does not end in this transform's {@code from}
   */
  public RigidTransform times(RigidTransform inner) {
    expect(inner.to);
    double[] origin = map(inner.x, inner.y, inner.z);
    return new RigidTransform(
        to, inner.from, origin[0], origin[1], origin[2], rotation.times(inner.rotation));
  }

  /**
   * A point of {@code from}, given in {@code to}.
   *
   * @throws IllegalArgumentException if the point is in another frame
   */
  public Vector3 apply(Vector3 point) {
    expect(point.frame());
    double[] mapped = map(point.x(), point.y(), point.z());
    return new Vector3(to, mapped[0], mapped[1], mapped[2]);
  }

  public RigidTransform inverse() {
    UnitQuaternion back = rotation.inverse();
    double[] origin = back.rotate(-x, -y, -z);
    return new RigidTransform(from, to, origin[0], origin[1], origin[2], back);
  }

  private double[] map(double px, double py, double pz) {
    double[] rotated = rotation.rotate(px, py, pz);
    return new double[] {rotated[0] + x, rotated[1] + y, rotated[2] + z};
  }

  private void expect(String frame) {
    if (!frame.equals(from)) {
      throw new IllegalArgumentException(
          "transform %s from %s cannot take what is in frame '%s'".formatted(to, from, frame));
    }
  }
}
