package dev.forearm.calibration.handeye;

/** Which of camera and board the arm moves. */
public enum Mounting {
  /** The camera is on the tool and the board lies still. */
  EYE_IN_HAND,
  /** The camera stands still and the board is on the tool. */
  EYE_TO_HAND
}
