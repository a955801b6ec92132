package dev.forearm.calibration.camera;

import boofcv.abst.geo.Estimate1ofPnP;
import boofcv.abst.geo.RefinePnP;
import boofcv.factory.geo.EnumPNP;
import boofcv.factory.geo.FactoryMultiView;
import boofcv.struct.geo.Point2D3D;
import dev.forearm.runtime.RuntimeFault;
import georegression.struct.point.Point3D_F64;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a board stands before a camera, from one view of it: IPPE (Collins and Bartoli, 2014), then
 * least squares.
 *
 * @param cameraFromBoard of points of the board
 * @param residualPx root mean square of what it leaves, over u and v
 */
public record BoardPose(Se3_F64 cameraFromBoard, double residualPx) {
  /** Fewer say too little of where a board stands. */
  public static final int CORNERS_MIN = 6;

  private static final double TOLERANCE = 1e-12;
  private static final int STEPS = 100;

  /**
   * Finds it.
   *
   * @throws RuntimeFault naming the picture, if it shows too few corners or they are of no pose
   */
  public static BoardPose of(BoardView view, Board board, PinholeCamera camera) {
    if (view.corners().length < CORNERS_MIN) {
      throw new RuntimeFault(
          "board in %s: found %s corners, wanted %s or more; move it into the picture, or leave this one out"
              .formatted(view.picture(), view.corners().length, CORNERS_MIN));
    }
    List<Point2D3D> points = new ArrayList<>();
    double[] direction = new double[2];
    for (int i = 0; i < view.corners().length; i++) {
      camera.direction(view.pixels()[2 * i], view.pixels()[2 * i + 1], direction);
      Point2D3D point = new Point2D3D();
      point.observation.setTo(direction[0], direction[1]);
      point.location.setTo(board.x(view.corners()[i]), board.y(view.corners()[i]), 0);
      points.add(point);
    }
    Estimate1ofPnP rough = FactoryMultiView.pnp_1(EnumPNP.IPPE, 0, 0);
    RefinePnP fine = FactoryMultiView.pnpRefine(TOLERANCE, STEPS);
    Se3_F64 guess = new Se3_F64();
    Se3_F64 found = new Se3_F64();
    if (!rough.process(points, guess)) {
      throw new RuntimeFault(
          "board in %s: its %s corners are of no pose, as if all were in a line; leave this picture out"
              .formatted(view.picture(), view.corners().length));
    }
    Se3_F64 pose = fine.fitModel(points, guess, found) ? found : guess;
    return new BoardPose(pose, residual(view, board, camera, pose));
  }

  /** Root mean square distance of corners from where a pose has them, px over u and v. */
  public static double residual(
      BoardView view, Board board, PinholeCamera camera, Se3_F64 cameraFromBoard) {
    double sum = 0;
    Point3D_F64 point = new Point3D_F64();
    double[] pixel = new double[2];
    for (int i = 0; i < view.corners().length; i++) {
      point.setTo(board.x(view.corners()[i]), board.y(view.corners()[i]), 0);
      cameraFromBoard.transform(point, point);
      camera.project(point.x, point.y, point.z, pixel);
      double du = pixel[0] - view.pixels()[2 * i];
      double dv = pixel[1] - view.pixels()[2 * i + 1];
      sum += du * du + dv * dv;
    }
    return Math.sqrt(sum / view.pixels().length);
  }
}
