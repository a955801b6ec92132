package dev.forearm.launch.capture;

import dev.forearm.calibration.handeye.Capture;
import java.util.List;
import java.util.Optional;

/** Says what the next pictures should bring. */
@FunctionalInterface
public interface Coach {
  /**
   * After some captures.
   *
   * @param width of their pictures, px
   * @param height of their pictures, px
   * @return empty if nothing is missing
   */
  Optional<String> advice(List<Capture> captures, int width, int height);
}
