package dev.forearm.calibration.camera;

import java.util.List;

/**
 * What was found of a camera.
 *
 * @param camera its numbers
 * @param residualPx root mean square of what they leave of the views, u and v
 * @param heldOutPx the same of views that had no part in it: each view once
 * @param coverage share of the picture that lies among the corners, 0 to 1
 * @param used names of the views
 * @param leftOut views that do not count, with why
 */
public record IntrinsicsFinding(
    PinholeCamera camera,
    double residualPx,
    double heldOutPx,
    double coverage,
    List<String> used,
    List<LeftOut> leftOut) {
  public IntrinsicsFinding {
    used = List.copyOf(used);
    leftOut = List.copyOf(leftOut);
  }
}
