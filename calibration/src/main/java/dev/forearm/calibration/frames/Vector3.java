package dev.forearm.calibration.frames;

/**
 * A point or a displacement, in metres, in a named frame.
 *
 * @param frame name of the frame in which x, y and z are given
 */
public record Vector3(String frame, double x, double y, double z) {
  public Vector3 {
    if (frame.isBlank()) {
      throw new IllegalArgumentException("a vector needs the name of its frame");
    }
    if (!Double.isFinite(x) || !Double.isFinite(y) || !Double.isFinite(z)) {
      throw new IllegalArgumentException("vector (%s, %s, %s) is not finite".formatted(x, y, z));
    }
  }

  /** Distance to another point of the same frame, metres. */
  public double distanceTo(Vector3 other) {
    if (!frame.equals(other.frame)) {
      throw new IllegalArgumentException(
          "distance between a point in '%s' and one in '%s': transform one of them first"
              .formatted(frame, other.frame));
    }
    return Math.sqrt(square(x - other.x) + square(y - other.y) + square(z - other.z));
  }

  private static double square(double value) {
    return value * value;
  }
}
