package dev.forearm.sim.expert;

/**
 * The hand in a plan: grasp point in the base frame (m), yaw (rad) and one finger's opening (m).
 */
final class Hand {
  double x;
  double y;
  double z;
  double yaw;
  double opening;

  double distanceTo(double[] point, int offset) {
    return Math.hypot(x - point[offset], y - point[offset + 1]);
  }
}
