package dev.forearm.calibration.camera;

import dev.forearm.runtime.RuntimeFault;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How much views of a board tell of a camera: where in the picture it was seen, and how tilted, by
 * an ideal camera as wide as many are.
 *
 * @param views how many
 * @param unseen part of the picture in which no view has a corner; empty: there is none
 * @param nodDeg root mean square tilt of the board about the camera's x
 * @param shakeDeg and about its y
 */
public record ViewSpread(int views, String unseen, double nodDeg, double shakeDeg) {
  private static final int VIEWS_WANTED = 20;
  private static final double TILT_WANTED_DEG = 12;
  private static final List<List<String>> PARTS =
      List.of(
          List.of("top left", "top", "top right"),
          List.of("left", "middle", "right"),
          List.of("bottom left", "bottom", "bottom right"));

  /**
   * Of some views.
   *
   * @param width of their pictures, px
   * @param height of their pictures, px
   */
  public static ViewSpread of(Board board, List<BoardView> views, int width, int height) {
    List<String> unseen = new ArrayList<>(PARTS.stream().flatMap(List::stream).toList());
    double nods = 0;
    double shakes = 0;
    for (BoardView view : views) {
      for (int i = 0; i < view.corners().length; i++) {
        int column = (int) Math.clamp(3 * view.pixels()[2 * i] / width, 0, 2);
        int row = (int) Math.clamp(3 * view.pixels()[2 * i + 1] / height, 0, 2);
        unseen.remove(PARTS.get(row).get(column));
      }
      Optional<Se3_F64> pose = pose(view, board, PinholeCamera.ideal(width, height, width));
      if (pose.isPresent()) {
        double[] r = pose.get().R.data; // its third column: the board's z in the camera's frame
        nods += Math.pow(Math.toDegrees(Math.asin(Math.clamp(r[5], -1, 1))), 2);
        shakes += Math.pow(Math.toDegrees(Math.asin(Math.clamp(r[2], -1, 1))), 2);
      }
    }
    int count = Math.max(1, views.size());
    return new ViewSpread(
        views.size(),
        unseen.isEmpty() ? "" : unseen.getFirst(),
        Math.sqrt(nods / count),
        Math.sqrt(shakes / count));
  }

  private static Optional<Se3_F64> pose(BoardView view, Board board, PinholeCamera camera) {
    try {
      return Optional.of(BoardPose.of(view, board, camera).cameraFromBoard());
    } catch (RuntimeFault tooLittle) {
      return Optional.empty();
    }
  }

  /** What the next views should bring; empty if nothing is missing. */
  public Optional<String> advice() {
    if (!unseen.isEmpty()) {
      return Optional.of("show the board in the picture's part " + unseen);
    }
    if (nodDeg < TILT_WANTED_DEG) {
      return tilt("up and down", nodDeg);
    }
    if (shakeDeg < TILT_WANTED_DEG) {
      return tilt("left and right", shakeDeg);
    }
    return views < VIEWS_WANTED
        ? Optional.of("%s more of any kind".formatted(VIEWS_WANTED - views))
        : Optional.empty();
  }

  private static Optional<String> tilt(String how, double deg) {
    return Optional.of(
        String.format(
            Locale.ROOT, "tilt it %s, so far %.0f of %.0f deg", how, deg, TILT_WANTED_DEG));
  }
}
