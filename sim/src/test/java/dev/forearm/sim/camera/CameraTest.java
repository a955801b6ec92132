package dev.forearm.sim.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.sim.SimFault;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Tabletop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CameraTest {
  private static final int SIZE = 96;

  private final Tabletop scene = new Tabletop(Gap.none());
  private final byte[] rgb = new byte[3 * SIZE * SIZE];

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void theSceneCameraSeesCubesWhereTheyStand() {
    try (Camera camera = openOrSkip()) {
      place("red_cube", 0.40, -0.10);
      place("green_cube", 0.48, 0.0);
      place("blue_cube", 0.40, 0.10);
      draw(camera, "scene");
      double[] red = centre(0);
      double[] green = centre(1);
      double[] blue = centre(2);
      assertTrue(blue[0] != red[0]);
      // the camera faces the robot: the robot's left (y > 0) is on the image's right
      assertTrue(red[0] < green[0] && green[0] < blue[0], red[0] + " " + green[0] + " " + blue[0]);
      // top row first: what is nearer to the camera (greater x) is lower in the image
      assertTrue(green[1] > red[1] && green[1] > blue[1]);
    }
  }

  @Test
  void depthIsTheDistanceAlongTheCamerasAxisAndNoneBehindWhatIsDrawn() {
    try (Camera camera = openOrSkip()) {
      place("red_cube", 0.50, 0);
      place("green_cube", 0.40, -0.2);
      place("blue_cube", 0.40, 0.2);
      draw(camera, "scene");
      byte[] depth = new byte[2 * SIZE * SIZE];
      camera.depth(SIZE, SIZE, depth);
      int onTable = 0;
      for (int row = SIZE / 2; row < SIZE; row++) {
        for (int column = 0; column < SIZE; column++) {
          double table = tableDepth(row);
          double seen = metres(depth, row, column);
          assertTrue(seen > 0 && seen < table + 0.002, row + " " + column + ": " + seen);
          onTable += Math.abs(seen - table) < 0.002 ? 1 : 0;
        }
      }
      assertTrue(onTable > 0.3 * SIZE * SIZE / 2, onTable + " pixels of the bare table");
      double[] red = centre(0);
      double above = tableDepth(red[1]) - metres(depth, (int) red[1], (int) red[0]);
      assertTrue(above > 0.01 && above < 0.08, "the cube is before the table: " + above);
      assertEquals(0, metres(depth, 0, 0), "the sky");
    }
  }

  /**
   * Where the rays of a row of the scene camera's pixels meet the table, m along the camera's axis.
   */
  private static double tableDepth(double row) {
    double up = Math.tan(Math.toRadians(44) / 2) * (1 - (row + 0.5) / (SIZE / 2.0));
    double length =
        Math.hypot(1, 0.6); // of the axis (-1, 0, -0.6) and the picture's up (-0.6, 0, 1)
    return 0.7201 / ((0.6 - up) / length);
  }

  private static double metres(byte[] depth, int row, int column) {
    int at = 2 * (row * SIZE + column);
    return ((depth[at] & 0xff) + 256 * (depth[at + 1] & 0xff)) / 1000.0;
  }

  @Test
  void theWristCameraLooksAtTheTable() {
    try (Camera camera = openOrSkip()) {
      place("red_cube", 0.47, 0);
      draw(camera, "wrist");
      assertTrue(centre(0)[2] > 20, "the red cube covers some pixels");
    }
  }

  @Test
  void theSameStateGivesTheSameImage() {
    try (Camera camera = openOrSkip()) {
      draw(camera, "scene");
      byte[] first = rgb.clone();
      draw(camera, "scene");
      assertEquals(-1, Arrays.mismatch(first, rgb));
    }
  }

  @Test
  void aPictureIsAFileOfTheWantedSize(@TempDir Path folder) throws IOException {
    openOrSkip().close();
    Path file = folder.resolve("arm.png");
    Picture.write(scene, "portrait", 640, 360, file);
    var image = ImageIO.read(file.toFile());
    assertEquals(640, image.getWidth());
    assertEquals(360, image.getHeight());
  }

  private Camera openOrSkip() {
    try {
      return new Camera(scene.model(), false);
    } catch (SimFault fault) {
      return Assumptions.abort(String.valueOf(fault.getMessage()));
    }
  }

  private void draw(Camera camera, String name) {
    scene.data().forward();
    SceneState state = new SceneState(scene.data());
    state.save(scene.data(), 0);
    camera.show(state);
    camera.draw(scene.model().camera(name), SIZE, SIZE, rgb);
  }

  private void place(String cube, double x, double y) {
    int at = scene.model().positionOf(cube);
    scene.data().position(at, x);
    scene.data().position(at + 1, y);
  }

  /** Mean column and row of pixels in which one channel stands out, and their number. */
  private double[] centre(int channel) {
    double column = 0;
    double row = 0;
    int count = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
      int own = rgb[3 * i + channel] & 255;
      int next = rgb[3 * i + (channel + 1) % 3] & 255;
      int last = rgb[3 * i + (channel + 2) % 3] & 255;
      if (own > 90 && own > 1.8 * next && own > 1.8 * last) {
        column += i % SIZE;
        row += Math.floorDiv(i, SIZE);
        count++;
      }
    }
    assertTrue(count > 0, "channel " + channel + " stands out nowhere");
    return new double[] {column / count, row / count, count};
  }
}
