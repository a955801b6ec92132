package dev.forearm.calibration.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;

import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.EulerType;
import georegression.struct.point.Point3D_F64;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the one who takes pictures for a camera's numbers is told to do next. */
final class ViewSpreadTest {
  private static final Board BOARD = Board.chess(9, 6, 0.022);
  private static final PinholeCamera CAMERA =
      new PinholeCamera(640, 480, 520, 520, 319, 239, 0, 0, 0, 0, 0);
  private static final double DEPTH = 0.35;

  @Test
  void theUnseenPartsOfThePictureComeFirstThenTiltsThenMore() {
    List<BoardView> views = new ArrayList<>();
    assertEquals("show the board in the picture's part top left", advice(views));
    for (double y = -0.12; y <= 0.13; y += 0.06) {
      for (double x = -0.16; x <= 0.17; x += 0.08) {
        views.add(view(x, y, 0, 0));
      }
    }
    assertEquals("tilt it up and down, so far 0 of 12 deg", advice(views));
    for (int i = 0; i < 40; i++) {
      views.add(view(0, 0, i % 2 == 0 ? 30 : -30, 0));
    }
    assertEquals("tilt it left and right, so far 0 of 12 deg", advice(views));
    for (int i = 0; i < 40; i++) {
      views.add(view(0, 0, 0, i % 2 == 0 ? 30 : -30));
    }
    assertEquals("", advice(views));
  }

  private static String advice(List<BoardView> views) {
    Optional<String> advice = ViewSpread.of(BOARD, views, 640, 480).advice();
    return advice.orElse("");
  }

  /** With the board's middle there, turned by degrees. */
  private static BoardView view(double x, double y, double aboutX, double aboutY) {
    Se3_F64 pose = new Se3_F64();
    ConvertRotation3D_F64.eulerToMatrix(
        EulerType.XYZ, Math.toRadians(aboutX), Math.toRadians(aboutY), 0, pose.R);
    Point3D_F64 middle =
        new Point3D_F64(BOARD.x(BOARD.corners() - 1) / 2, BOARD.y(BOARD.corners() - 1) / 2, 0);
    pose.transform(middle, middle);
    pose.T.setTo(x - middle.x, y - middle.y, DEPTH - middle.z);
    int[] corners = new int[BOARD.corners()];
    double[] pixels = new double[2 * corners.length];
    double[] pixel = new double[2];
    Point3D_F64 point = new Point3D_F64();
    int seen = 0;
    for (int i = 0; i < corners.length; i++) {
      point.setTo(BOARD.x(i), BOARD.y(i), 0);
      pose.transform(point, point);
      CAMERA.project(point.x, point.y, point.z, pixel);
      if (pixel[0] >= 0 && pixel[1] >= 0 && pixel[0] < 640 && pixel[1] < 480) {
        corners[seen] = i;
        pixels[2 * seen] = pixel[0];
        pixels[2 * seen + 1] = pixel[1];
        seen++;
      }
    }
    return new BoardView("view", Arrays.copyOf(corners, seen), Arrays.copyOf(pixels, 2 * seen));
  }
}
