package dev.forearm.calibration.handeye;

import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.List;

/**
 * The two ways round at one capture: what the arm says and what the camera sees.
 *
 * @param mountFromHolder by the arm
 * @param cameraFromBoard by the camera
 */
public record PosePair(Se3_F64 mountFromHolder, Se3_F64 cameraFromBoard) {
  /**
   * From one capture to another: {@code mount . X = X . camera}.
   *
   * @param mount how the mount moved against the holder
   * @param camera how the camera moved against the board
   */
  record Motion(Se3_F64 mount, Se3_F64 camera) {}

  /** From each capture to each later one. */
  static List<Motion> motions(List<PosePair> pairs) {
    List<Motion> motions = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      for (int j = i + 1; j < pairs.size(); j++) {
        motions.add(
            new Motion(
                between(pairs.get(i).mountFromHolder, pairs.get(j).mountFromHolder),
                between(pairs.get(i).cameraFromBoard, pairs.get(j).cameraFromBoard)));
      }
    }
    return motions;
  }

  private static Se3_F64 between(Se3_F64 first, Se3_F64 second) {
    return Poses.product(second, Poses.inverse(first));
  }
}
