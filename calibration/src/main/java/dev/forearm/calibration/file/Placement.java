package dev.forearm.calibration.file;

import dev.forearm.calibration.frames.RigidTransform;
import java.util.Optional;

/**
 * Where a frame stands, as a file has it.
 *
 * @param transform where
 * @param quality how well that is known; empty where somebody wrote it by hand
 */
public record Placement(RigidTransform transform, Optional<Quality> quality) {
  /**
   * How well a frame's place is known.
   *
   * @param errorMm standard error of its origin
   * @param errorDeg standard error of how it is turned
   * @param heldOutMm of captures that had no part in it, root mean square
   * @param heldOutDeg the same of directions
   * @param heldOutPx the same in the picture
   */
  public record Quality(
      double errorMm, double errorDeg, double heldOutMm, double heldOutDeg, double heldOutPx) {}
}
