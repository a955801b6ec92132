package dev.forearm.calibration.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import boofcv.struct.image.GrayF32;
import dev.forearm.calibration.synthetic.BoardPicture;
import dev.forearm.runtime.RuntimeFault;
import georegression.geometry.ConvertRotation3D_F64;
import georegression.struct.EulerType;
import georegression.struct.point.Point3D_F64;
import georegression.struct.se.Se3_F64;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From pictures of boards, drawn through a camera that distorts, to corners and to the camera. */
final class BoardPicturesTest {
  private static final PinholeCamera CAMERA =
      new PinholeCamera(640, 480, 612, 608, 322.5, 236.1, 0.09, -0.17, 0.0012, -0.0007, 0.02);
  private static final double NOISE = 3; // of 255
  private static final int PICTURES = 12;

  @ParameterizedTest
  @ValueSource(strings = {"chess:9x6:22", "charuco:10x7:22:16:4x4", "charuco:9x6:25:18:6x6"})
  void cornersAndTheCameraAreFound(String text) {
    Board board = Board.parse(text);
    SplittableRandom random = new SplittableRandom(301);
    BoardPicture pictures = new BoardPicture(board, CAMERA);
    BoardDetector detector = new BoardDetector(board);
    List<BoardView> views = new ArrayList<>();
    double squares = 0;
    int count = 0;
    for (int i = 0; i < PICTURES; i++) {
      Se3_F64 pose = pose(board, random, 35);
      GrayF32 picture = pictures.draw(pose, NOISE, random.nextDouble(0.6, 1), random);
      BoardDetector.Detection found = detector.detect("picture " + i, picture);
      assertTrue(found.view().isPresent(), found::instead);
      BoardView view = found.view().get();
      views.add(view);
      squares += squares(view, board, pose);
      count += view.pixels().length;
    }
    double rootPx = Math.sqrt(squares / count);
    assertTrue(rootPx < 0.1, () -> "px " + rootPx);
    assertTrue(count > 0.8 * PICTURES * 2 * board.corners(), "coordinates " + count);

    IntrinsicsFinding found = IntrinsicsCalibration.of(board, views, 640, 480);
    assertEquals(CAMERA.fx(), found.camera().fx(), 1, found::toString);
    assertEquals(CAMERA.fy(), found.camera().fy(), 1, found::toString);
    assertEquals(CAMERA.cx(), found.camera().cx(), 1.5, found::toString);
    assertEquals(CAMERA.cy(), found.camera().cy(), 1.5, found::toString);
    assertTrue(found.heldOutPx() < 0.1, found::toString);
    assertEquals(List.of(), found.leftOut());
  }

  @Test
  void aPartOfABoardWithMarkersIsEnough() {
    Board board = Board.parse("charuco:10x7:22:16:4x4");
    Se3_F64 pose = new Se3_F64();
    pose.T.setTo(0.02, 0.01, 0.25); // its lower right is outside
    SplittableRandom random = new SplittableRandom(302);
    GrayF32 picture = new BoardPicture(board, CAMERA).draw(pose, NOISE, 1, random);
    BoardView view = new BoardDetector(board).detect("part", picture).view().orElseThrow();
    assertTrue(view.corners().length >= 12 && view.corners().length < board.corners());
    assertEquals(0, Math.sqrt(squares(view, board, pose) / view.pixels().length), 0.1);
  }

  @Test
  void anotherBoardIsToldOf() {
    SplittableRandom random = new SplittableRandom(303);
    Board chess = Board.parse("chess:9x6:22");
    GrayF32 picture =
        new BoardPicture(chess, CAMERA).draw(pose(chess, random, 10), NOISE, 1, random);
    String instead = new BoardDetector(Board.parse("chess:8x5:22")).detect("it", picture).instead();
    assertTrue(
        instead.contains("9 x 6 inner corners") || instead.contains("6 x 9 inner corners"),
        instead);

    Board small = Board.parse("charuco:5x4:30:22:4x4");
    Board large = Board.parse("charuco:10x7:22:16:5x5");
    GrayF32 other = new BoardPicture(large, CAMERA).draw(pose(large, random, 10), NOISE, 1, random);
    BoardDetector.Detection found = new BoardDetector(small).detect("it", other);
    assertTrue(found.view().isEmpty());
    assertTrue(found.instead().contains("marker"), found::instead);
  }

  @Test
  void viewsThatSayTooLittleAreRefused() {
    Board board = Board.parse("chess:9x6:22");
    SplittableRandom random = new SplittableRandom(304);
    assertRefused("found 3 views", board, seen(board, random, 3, 35, 1));
    assertRefused("near its edges", board, seen(board, random, 12, 35, 0.1));
    assertRefused("tilted by", board, seen(board, random, 30, 1, 1));
  }

  @Test
  void aBoardIsReadFromTextOrRefused() {
    assertEquals(Board.chess(9, 6, 0.022), Board.parse("chess:9x6:22"));
    assertRefusedText("chess:8x6:22", "upside down");
    assertRefusedText("charuco:10x7:22:30:4x4", "smaller ones");
    assertRefusedText("checkers", "wanted chess:");
  }

  private static void assertRefusedText(String text, String words) {
    RuntimeFault fault = assertThrows(RuntimeFault.class, () -> Board.parse(text));
    assertTrue(fault.toString().contains(words), fault::toString);
  }

  private static void assertRefused(String words, Board board, List<BoardView> views) {
    RuntimeFault fault =
        assertThrows(RuntimeFault.class, () -> IntrinsicsCalibration.of(board, views, 640, 480));
    assertTrue(fault.toString().contains(words), fault::toString);
  }

  /** Views without pictures: exact corners and .1 px. */
  private static List<BoardView> seen(
      Board board, SplittableRandom random, int count, double tiltDeg, double spread) {
    List<BoardView> views = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Se3_F64 pose = pose(board, random, tiltDeg);
      if (spread < 1) {
        pose.T.z *= 1 / spread;
      }
      int[] corners = new int[board.corners()];
      double[] pixels = new double[2 * corners.length];
      for (int corner = 0; corner < corners.length; corner++) {
        corners[corner] = corner;
        double[] pixel = pixel(board, pose, corner);
        pixels[2 * corner] = pixel[0] + 0.1 * random.nextGaussian();
        pixels[2 * corner + 1] = pixel[1] + 0.1 * random.nextGaussian();
      }
      views.add(new BoardView("view " + i, corners, pixels));
    }
    return views;
  }

  private static double squares(BoardView view, Board board, Se3_F64 pose) {
    double sum = 0;
    for (int i = 0; i < view.corners().length; i++) {
      double[] pixel = pixel(board, pose, view.corners()[i]);
      sum += Math.pow(pixel[0] - view.pixels()[2 * i], 2);
      sum += Math.pow(pixel[1] - view.pixels()[2 * i + 1], 2);
    }
    return sum;
  }

  private static double[] pixel(Board board, Se3_F64 pose, int corner) {
    Point3D_F64 point = new Point3D_F64(board.x(corner), board.y(corner), 0);
    pose.transform(point, point);
    double[] pixel = new double[2];
    CAMERA.project(point.x, point.y, point.z, pixel);
    return pixel;
  }

  private static Se3_F64 pose(Board board, SplittableRandom random, double tiltDeg) {
    Se3_F64 pose = new Se3_F64();
    ConvertRotation3D_F64.eulerToMatrix(
        EulerType.XYZ,
        Math.toRadians(random.nextDouble(-tiltDeg, tiltDeg)),
        Math.toRadians(random.nextDouble(-tiltDeg, tiltDeg)),
        Math.toRadians(random.nextDouble(-60, 60)),
        pose.R);
    Point3D_F64 middle =
        new Point3D_F64(board.x(board.corners() - 1) / 2, board.y(board.corners() - 1) / 2, 0);
    pose.transform(middle, middle);
    pose.T.setTo(
        random.nextDouble(-0.06, 0.06) - middle.x,
        random.nextDouble(-0.04, 0.04) - middle.y,
        random.nextDouble(0.33, 0.45) - middle.z);
    return pose;
  }
}
