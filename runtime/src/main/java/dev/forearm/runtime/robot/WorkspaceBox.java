package dev.forearm.runtime.robot;

/** A box along the axes of the base frame, in metres: where the tool may be, or may not. */
public record WorkspaceBox(
    double xMin, double xMax, double yMin, double yMax, double zMin, double zMax) {
  public WorkspaceBox {
    if (!(xMin < xMax && yMin < yMax && zMin < zMax)) {
      throw new IllegalArgumentException(
          "box: min must lie below max on each axis, found x %s..%s, y %s..%s, z %s..%s"
              .formatted(xMin, xMax, yMin, yMax, zMin, zMax));
    }
  }

  /** How far a point lies outside the box along the worst axis, m; negative inside. */
  public double excess(double x, double y, double z) {
    double ex = Math.max(xMin - x, x - xMax);
    double ey = Math.max(yMin - y, y - yMax);
    double ez = Math.max(zMin - z, z - zMax);
    return Math.max(ex, Math.max(ey, ez));
  }
}
