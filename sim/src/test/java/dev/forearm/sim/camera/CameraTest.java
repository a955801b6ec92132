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
