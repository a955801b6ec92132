package dev.forearm.launch.capture;

import dev.forearm.calibration.handeye.Capture;
import java.util.List;

/** How a person has the arm moved between pictures. The waiting thread's. */
sealed interface Steering permits PoseTour, PoseJog {
  /**
   * Does what is due. To be called often.
   *
   * @param key what was pressed since the last call, or {@link TypedKeys#NONE}
   * @param captures so far
   * @return whether the arm has just come to where it was sent
   */
  boolean turn(int key, long now, List<Capture> captures);

  /** Whether the arm moves, or is about to. */
  boolean underWay();
}
