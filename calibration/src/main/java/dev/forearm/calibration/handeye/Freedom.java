package dev.forearm.calibration.handeye;

/** What the adjustment may change besides the poses of camera and board. */
public enum Freedom {
  /** What each joint reads wrong, but for the first and the last, which nothing here can tell. */
  JOINT_OFFSETS,
  /** The camera's own numbers, near those given. */
  INTRINSICS
}
