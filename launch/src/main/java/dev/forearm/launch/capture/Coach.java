package dev.forearm.launch.capture;

import dev.forearm.calibration.handeye.Capture;
import java.util.List;
import java.util.Optional;

/** Says what the next pictures should bring, and where an arm would stand for that. */
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

  /**
   * Another pose to take a picture at; every call proposes anew.
   *
   * @param standing where the joints are, rad or m, in command order
   * @return empty if it knows of none that the arm can go to from there
   */
  default Optional<double[]> pose(List<Capture> captures, double[] standing) {
    return Optional.empty();
  }
}
