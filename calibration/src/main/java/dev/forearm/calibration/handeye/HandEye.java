package dev.forearm.calibration.handeye;

import georegression.struct.se.Se3_F64;

/**
 * A solution: where the camera and the board are.
 *
 * @param mountFromCamera the camera on the tool, or before the base
 * @param holderFromBoard the board before the base, or on the tool
 */
public record HandEye(Se3_F64 mountFromCamera, Se3_F64 holderFromBoard) {
  /** Where the board then stands before the camera. */
  Se3_F64 cameraFromBoard(Se3_F64 mountFromHolder) {
    return Poses.product(
        Poses.inverse(mountFromCamera), Poses.product(mountFromHolder, holderFromBoard));
  }
}
