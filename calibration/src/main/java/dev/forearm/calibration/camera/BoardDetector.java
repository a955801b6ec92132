package dev.forearm.calibration.camera;

import boofcv.abst.fiducial.SquareHamming_to_FiducialDetector;
import boofcv.abst.fiducial.calib.CalibrationDetectorChessboardX;
import boofcv.abst.fiducial.calib.ConfigChessboardX;
import boofcv.abst.fiducial.calib.ConfigGridDimen;
import boofcv.abst.geo.Estimate1ofEpipolar;
import boofcv.alg.fiducial.calib.chess.ChessboardCornerClusterToGrid.GridInfo;
import boofcv.alg.fiducial.calib.chess.DetectChessboardXCornerPatterns;
import boofcv.factory.fiducial.ConfigFiducialHammingDetector;
import boofcv.factory.fiducial.FactoryFiducial;
import boofcv.factory.fiducial.FactoryFiducialCalibration;
import boofcv.factory.geo.FactoryMultiView;
import boofcv.struct.geo.AssociatedPair;
import boofcv.struct.geo.PointIndex2D_F64;
import boofcv.struct.image.GrayF32;
import georegression.struct.point.Point2D_F64;
import georegression.struct.shapes.Polygon2D_F64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.ejml.data.DMatrixRMaj;

/**
 * Finds a board in pictures. The corners are BoofCV's; on a board with markers each marker says
 * which corners are near it, so that a part of the board is enough. Keeps scratch; one thread.
 */
public final class BoardDetector {
  /** A corner is one of a marker's if it is so near to where the marker has it. */
  private static final double NEAR_PX = 0.5;

  private static final double NEAR = 0.07; // of a square more

  private final Board board;
  private final CalibrationDetectorChessboardX chess;
  private final Optional<SquareHamming_to_FiducialDetector<GrayF32>> markers;
  private final Estimate1ofEpipolar homography = FactoryMultiView.homographyDLT(true);

  public BoardDetector(Board board) {
    this.board = board;
    chess =
        FactoryFiducialCalibration.chessboardX(
            new ConfigChessboardX(),
            new ConfigGridDimen(board.rows() + 1, board.columns() + 1, board.squareM()));
    markers =
        board
            .markers()
            .map(some ->
                FactoryFiducial.squareHamming(
                    ArucoDictionary.of(some.bits()),
                    new ConfigFiducialHammingDetector(),
                    GrayF32.class));
  }

  /**
   * What was found, or why nothing was.
   *
   * @param view of the board; empty where it was not found
   * @param instead what was, in words
   */
  public record Detection(Optional<BoardView> view, String instead) {}

  /** Looks for the board. */
  public Detection detect(String picture, GrayF32 pixels) {
    return markers
        .map(detector -> byMarkers(picture, pixels, detector))
        .orElseGet(() -> whole(picture, pixels));
  }

  private Detection whole(String picture, GrayF32 pixels) {
    if (!chess.process(pixels)) {
      return new Detection(Optional.empty(), grids(pixels));
    }
    List<PointIndex2D_F64> points = chess.getDetectedPoints().points;
    int[] corners = new int[points.size()];
    double[] places = new double[2 * corners.length];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = points.get(i).index;
      places[2 * i] = points.get(i).p.x - 0.5; // the middle of its first pixel is .5
      places[2 * i + 1] = points.get(i).p.y - 0.5;
    }
    return new Detection(Optional.of(new BoardView(picture, corners, places)), "");
  }

  /** The chessboards that there are instead. */
  private String grids(GrayF32 pixels) {
    DetectChessboardXCornerPatterns<GrayF32> any =
        new DetectChessboardXCornerPatterns<>(new ConfigChessboardX(), GrayF32.class);
    any.findPatterns(pixels);
    List<String> found = new ArrayList<>();
    for (GridInfo grid : any.getFoundChessboard().toList()) {
      found.add("%s x %s inner corners".formatted(grid.cols, grid.rows));
    }
    return found.isEmpty() ? "no chessboard" : "chessboards of " + String.join(", ", found);
  }

  private Detection byMarkers(
      String picture, GrayF32 pixels, SquareHamming_to_FiducialDetector<GrayF32> detector) {
    detector.detect(pixels);
    chess.getDetector().process(pixels);
    List<? extends Point2D_F64> all = chess.getDetector().getCorners().toList();
    Map<Integer, Point2D_F64> found = new TreeMap<>();
    Map<Integer, Boolean> contested = new TreeMap<>();
    List<Long> strangers = new ArrayList<>();
    for (int i = 0; i < detector.totalFound(); i++) {
      long id = detector.getId(i);
      if (id < 0 || id >= board.markerCount()) {
        strangers.add(id);
        continue;
      }
      cornersNear((int) id, detector.getBounds(i, new Polygon2D_F64()), all)
          .forEach((corner, place) -> {
            Point2D_F64 before = found.putIfAbsent(corner, place);
            if (before != null && !before.equals(place)) {
              contested.put(corner, true);
            }
          });
    }
    contested.keySet().forEach(found::remove);
    if (found.isEmpty()) {
      return new Detection(
          Optional.empty(),
          strangers.isEmpty()
              ? "no marker of its dictionary"
              : "markers %s, wanted 0 to %s".formatted(strangers, board.markerCount() - 1));
    }
    int[] corners = found.keySet().stream().mapToInt(Integer::intValue).toArray();
    double[] places =
        found.values().stream()
            .flatMapToDouble(p -> DoubleStream.of(p.x - 0.5, p.y - 0.5))
            .toArray();
    return new Detection(Optional.of(new BoardView(picture, corners, places)), "");
  }

  /** The corners of a marker's square, by number, where there is one near enough. */
  private Map<Integer, Point2D_F64> cornersNear(
      int marker, Polygon2D_F64 bounds, List<? extends Point2D_F64> all) {
    List<Integer> square = board.markerSquare(marker);
    int column = square.get(0);
    int row = square.get(1);
    double half = board.markers().orElseThrow().sideM() / board.squareM() / 2;
    double[][] ofMarker = {{-half, -half}, {half, -half}, {half, half}, {-half, half}};
    List<AssociatedPair> pairs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Point2D_F64 seen = bounds.get(i);
      pairs.add(new AssociatedPair(ofMarker[i][0], ofMarker[i][1], seen.x, seen.y));
    }
    DMatrixRMaj pixelFromSquare = new DMatrixRMaj(3, 3);
    Map<Integer, Point2D_F64> near = new TreeMap<>();
    if (!homography.process(pairs, pixelFromSquare)) {
      return near;
    }
    double side = Math.sqrt(Math.abs(bounds.areaSimple())) / (2 * half);
    for (int i = 0; i < 4; i++) {
      int cornerColumn = column - (i == 0 || i == 3 ? 1 : 0);
      int cornerRow = row - (i < 2 ? 1 : 0);
      if (cornerColumn < 0
          || cornerRow < 0
          || cornerColumn >= board.columns()
          || cornerRow >= board.rows()) {
        continue;
      }
      Point2D_F64 expected =
          mapped(pixelFromSquare, Math.signum(ofMarker[i][0]) / 2, Math.signum(ofMarker[i][1]) / 2);
      Point2D_F64 nearest = null;
      for (Point2D_F64 candidate : all) {
        if (candidate.distance(expected) < NEAR_PX + NEAR * side
            && (nearest == null || candidate.distance(expected) < nearest.distance(expected))) {
          nearest = candidate;
        }
      }
      if (nearest != null) {
        near.put(cornerRow * board.columns() + cornerColumn, nearest);
      }
    }
    return near;
  }

  private static Point2D_F64 mapped(DMatrixRMaj h, double x, double y) {
    double w = h.get(2, 0) * x + h.get(2, 1) * y + h.get(2, 2);
    return new Point2D_F64(
        (h.get(0, 0) * x + h.get(0, 1) * y + h.get(0, 2)) / w,
        (h.get(1, 0) * x + h.get(1, 1) * y + h.get(1, 2)) / w);
  }
}
