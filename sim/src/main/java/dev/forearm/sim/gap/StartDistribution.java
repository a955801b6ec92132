package dev.forearm.sim.gap;

import java.util.Locale;

/**
 * Where episodes begin.
 *
 * @param xMin nearest x of a cube, m, base frame
 * @param xMax farthest x of a cube, m
 * @param yMin rightmost y of a cube, m
 * @param yMax leftmost y of a cube, m
 * @param yawMax largest turn of a cube either way, rad
 * @param separation least distance between the centres of two cubes, m
 * @param armSpread largest distance of a joint from home either way, rad
 * @param coverage fraction of the x range that is used, from its near edge; demonstrations may
 *     cover less than the robot will meet
 */
public record StartDistribution(
    double xMin,
    double xMax,
    double yMin,
    double yMax,
    double yawMax,
    double separation,
    double armSpread,
    double coverage) {
  public StartDistribution {
    if (!(xMin < xMax) || !(yMin < yMax)) {
      throw new IllegalArgumentException(
          "start: x_m %s..%s and y_m %s..%s must each go from low to high"
              .formatted(xMin, xMax, yMin, yMax));
    }
    if (!(coverage > 0 && coverage <= 1)) {
      throw new IllegalArgumentException(
          "start: coverage is %s, wanted more than 0 and at most 1".formatted(coverage));
    }
    if (yawMax < 0 || armSpread < 0 || separation < 0) {
      throw new IllegalArgumentException(
          "start: yaw_deg, arm_rad and separation_m must not be negative");
    }
    double area = coverage * (xMax - xMin) * (yMax - yMin);
    if (area < 3 * separation * separation) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "start: three cubes %s m apart do not fit %.4f m2; widen x_m, y_m or coverage",
              separation,
              area));
    }
  }

  /** The same starts, but only the near {@code fraction} of them. */
  public StartDistribution covering(double fraction) {
    return new StartDistribution(xMin, xMax, yMin, yMax, yawMax, separation, armSpread, fraction);
  }
}
