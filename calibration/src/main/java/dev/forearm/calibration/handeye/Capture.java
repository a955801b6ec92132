package dev.forearm.calibration.handeye;

import dev.forearm.calibration.camera.BoardView;

/**
 * One picture of the board and how the arm stood.
 *
 * @param joints as read, rad or m, in command order
 * @param view what the picture shows; its name stands for the capture in messages
 */
@SuppressWarnings("ArrayRecordComponent") // read and never compared
public record Capture(double[] joints, BoardView view) {
  /** For messages. */
  public String name() {
    return view.picture();
  }
}
