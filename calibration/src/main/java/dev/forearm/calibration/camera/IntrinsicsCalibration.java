package dev.forearm.calibration.camera;

import boofcv.abst.geo.calibration.CalibrateMonoPlanar;
import boofcv.alg.geo.calibration.CalibrationObservation;
import boofcv.struct.calib.CameraPinholeBrown;
import dev.forearm.runtime.RuntimeFault;
import georegression.struct.point.Point2D_F64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A camera's numbers from views of a board, by BoofCV: Zhang's method (IEEE T-PAMI 22(11), 2000)
 * and a bundle adjustment.
 */
public final class IntrinsicsCalibration {
  private static final int VIEWS_MIN = 8;
  private static final int RADIAL = 3;
  private static final int FOLDS = 5;

  /** A view that leaves more than this, and more than so many times the median, is left out. */
  private static final double ODD_PX = 0.5;

  private static final double ODD_MEDIANS = 4;
  private static final double RESIDUAL_MAX_PX = 1;
  private static final double COVERAGE_MIN = 0.3;

  /** Frontal views say nothing of the focal length: of the board's normal, standard deviation. */
  private static final double TILT_MIN_DEG = 8;

  private static final double LEFT_OUT_MAX = 0.3;

  private final Board board;
  private final int width;
  private final int height;

  private IntrinsicsCalibration(Board board, int width, int height) {
    this.board = board;
    this.width = width;
    this.height = height;
  }

  /**
   * Solves it.
   *
   * @param views of pictures of one size
   * @throws RuntimeFault if there are too few, they show the board in one corner or always from the
   *     front, or what is left over is more than can be trusted; with the remedy
   */
  public static IntrinsicsFinding of(Board board, List<BoardView> views, int width, int height) {
    return new IntrinsicsCalibration(board, width, height).found(views);
  }

  private IntrinsicsFinding found(List<BoardView> all) {
    List<BoardView> views = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (BoardView view : all) {
      if (view.corners().length >= board.corners() / 3) {
        views.add(view);
      } else {
        leftOut.add(
            new LeftOut(
                view.picture(),
                "it shows %s of %s corners, wanted a third or more"
                    .formatted(view.corners().length, board.corners())));
      }
    }
    requireViews(views);
    PinholeCamera camera = solved(views);
    double[] residuals = residuals(views, camera);
    double bound = Math.max(ODD_PX, ODD_MEDIANS * median(residuals));
    if (IntStream.range(0, residuals.length).anyMatch(i -> residuals[i] > bound)) {
      List<BoardView> good = new ArrayList<>();
      for (int i = 0; i < residuals.length; i++) {
        if (residuals[i] <= bound) {
          good.add(views.get(i));
        } else {
          leftOut.add(
              new LeftOut(
                  views.get(i).picture(),
                  String.format(
                      Locale.ROOT,
                      "its corners are %.2f px off, wanted %.2f or less as of the others",
                      residuals[i],
                      bound)));
        }
      }
      views = good;
      requireViews(views);
      camera = solved(views);
    }
    if (leftOut.size() > LEFT_OUT_MAX * all.size()) {
      throw fault("%s of %s views do not count: %s".formatted(leftOut.size(), all.size(), leftOut));
    }
    double residual = rootMeanSquare(residuals(views, camera));
    if (!(residual <= RESIDUAL_MAX_PX)) {
      throw fault(
          String.format(
              Locale.ROOT,
              "corners are %.2f px off, wanted %.0f or less; is the board flat and as given, the picture sharp?",
              residual,
              RESIDUAL_MAX_PX));
    }
    requireTilt(views, camera);
    return new IntrinsicsFinding(
        camera,
        residual,
        heldOut(views),
        coverage(views),
        views.stream().map(BoardView::picture).toList(),
        leftOut);
  }

  private void requireViews(List<BoardView> views) {
    if (views.size() < VIEWS_MIN) {
      throw fault(
          "found %s views of the board, wanted %s or more; take some"
              .formatted(views.size(), VIEWS_MIN));
    }
    double coverage = coverage(views);
    if (coverage < COVERAGE_MIN) {
      throw fault(
          String.format(
              Locale.ROOT,
              "corners cover %.0f %% of the picture, wanted %.0f or more; show the board near its edges too",
              100 * coverage,
              100 * COVERAGE_MIN));
    }
  }

  private void requireTilt(List<BoardView> views, PinholeCamera camera) {
    double squares = 0;
    for (BoardView view : views) {
      double[] r = BoardPose.of(view, board, camera).cameraFromBoard().R.data;
      double angle = Math.acos(Math.clamp(r[8], -1, 1)); // of the board's z to the camera's
      squares += angle * angle;
    }
    double tiltDeg = Math.toDegrees(Math.sqrt(squares / views.size()));
    if (tiltDeg < TILT_MIN_DEG) {
      throw fault(
          String.format(
              Locale.ROOT,
              "the board is tilted by %.1f deg (root mean square), wanted %.0f or more, or the focal length stays unknown; tilt it by 20 to 40 deg",
              tiltDeg,
              TILT_MIN_DEG));
    }
  }

  private PinholeCamera solved(List<BoardView> views) {
    CalibrateMonoPlanar calibration = new CalibrateMonoPlanar();
    calibration.configurePinhole(true, RADIAL, true);
    calibration.initialize(width, height, List.of(layout()));
    for (BoardView view : views) {
      CalibrationObservation observation = new CalibrationObservation();
      for (int i = 0; i < view.corners().length; i++) {
        observation.add(view.corners()[i], view.pixels()[2 * i], view.pixels()[2 * i + 1]);
      }
      calibration.addImage(observation);
    }
    CameraPinholeBrown found = calibration.process();
    double[] radial = radial(found);
    return new PinholeCamera(
        width, height, found.fx, found.fy, found.cx, found.cy, radial[0], radial[1], found.t1,
        found.t2, radial[2]);
  }

  @SuppressWarnings("NullAway") // its annotation says that each number may be null
  private static double[] radial(CameraPinholeBrown found) {
    return found.radial;
  }

  private List<Point2D_F64> layout() {
    return IntStream.range(0, board.corners())
        .mapToObj(corner -> new Point2D_F64(board.x(corner), board.y(corner)))
        .toList();
  }

  private double[] residuals(List<BoardView> views, PinholeCamera camera) {
    return views.stream()
        .mapToDouble(view -> BoardPose.of(view, board, camera).residualPx())
        .toArray();
  }

  private double heldOut(List<BoardView> views) {
    double[] residuals = new double[views.size()];
    for (int fold = 0; fold < FOLDS; fold++) {
      List<BoardView> others = new ArrayList<>();
      for (int i = 0; i < views.size(); i++) {
        if (i % FOLDS != fold) {
          others.add(views.get(i));
        }
      }
      PinholeCamera camera = solved(others);
      for (int i = fold; i < views.size(); i += FOLDS) {
        residuals[i] = BoardPose.of(views.get(i), board, camera).residualPx();
      }
    }
    return rootMeanSquare(residuals);
  }

  /** Of cells of a tenth of the picture's width and height, those with a corner. */
  private double coverage(List<BoardView> views) {
    boolean[] seen = new boolean[100];
    int count = 0;
    for (BoardView view : views) {
      for (int i = 0; i < view.corners().length; i++) {
        int column = (int) Math.clamp(10 * view.pixels()[2 * i] / width, 0, 9);
        int row = (int) Math.clamp(10 * view.pixels()[2 * i + 1] / height, 0, 9);
        count += seen[10 * row + column] ? 0 : 1;
        seen[10 * row + column] = true;
      }
    }
    return count / 100.0;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double rootMeanSquare(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }

  private static RuntimeFault fault(String problem) {
    return new RuntimeFault("intrinsics: " + problem);
  }
}
