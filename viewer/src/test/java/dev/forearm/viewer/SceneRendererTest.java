package dev.forearm.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.lwjgl.opengl.GL33C.*;

import dev.forearm.viewer.scene.OrbitCamera;
import dev.forearm.viewer.scene.SceneRenderer;
import dev.forearm.viewer.scene.Solid;
import java.nio.ByteBuffer;
import java.util.List;
import org.joml.Quaternionf;
import org.joml.Vector3f;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lwjgl.BufferUtils;

/** The renderer in a context that nobody sees. */
final class SceneRendererTest {
  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;
  private static final int BACKGROUND = 0xff302010; // red 0x10, green 0x20, blue 0x30
  private static final int WHITE = 0xffffffff;
  private static final int RED = 0xff0000ff;
  private static final Vector3f MIDDLE = new Vector3f(0, 0, 0.5f);

  private @Nullable Window window;

  @BeforeEach
  void open() {
    try {
      window = Window.hidden(WIDTH, HEIGHT);
    } catch (ViewerFault none) {
      assumeTrue("1".equals(System.getenv("FOREARM_REQUIRE_PEERS")), none.getMessage());
      throw none;
    }
  }

  @AfterEach
  void close() {
    if (window != null) {
      window.close();
    }
  }

  /** The colour in the middle of the picture, 0xrrggbb. */
  private static int middle(List<Solid> there, List<Solid> imagined) {
    OrbitCamera camera = new OrbitCamera(MIDDLE.x, MIDDLE.y, MIDDLE.z, 2);
    camera.orbit(0, -200); // from the side: nothing but background behind
    try (SceneRenderer renderer = new SceneRenderer()) {
      renderer.draw(WIDTH, HEIGHT, camera, BACKGROUND, there, imagined);
      ByteBuffer pixels = BufferUtils.createByteBuffer(4 * WIDTH * HEIGHT);
      glBindTexture(GL_TEXTURE_2D, renderer.texture());
      glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
      int at = 4 * (WIDTH * (HEIGHT / 2) + WIDTH / 2);
      assertEquals(255, pixels.get(at + 3) & 255, "whole pixels are opaque");
      assertEquals(GL_NO_ERROR, glGetError());
      return (pixels.get(at) & 255) << 16
          | (pixels.get(at + 1) & 255) << 8
          | (pixels.get(at + 2) & 255);
    }
  }

  private static Solid cube(double half, int colour) {
    return Solid.cube(MIDDLE, new Quaternionf(), half, colour);
  }

  @Test
  void whereNothingIsTheBackgroundIsSeen() {
    assertEquals(0x102030, middle(List.of(), List.of()));
  }

  @Test
  void whatIsThereIsSeenInItsColour() {
    int white = middle(List.of(cube(0.2, WHITE)), List.of());
    assertTrue((white & 255) > 120 && (white >> 16) > 120, Integer.toHexString(white));
    int red = middle(List.of(cube(0.2, RED)), List.of());
    assertTrue((red >> 16) > 2 * (red & 255), Integer.toHexString(red));
  }

  @Test
  void whatIsImaginedLetsThrough() {
    int ghost = middle(List.of(), List.of(cube(0.2, RED)));
    assertTrue((ghost >> 16) > 0x30 && (ghost >> 16) < 0xe0, Integer.toHexString(ghost));
    assertTrue((ghost & 255) > 0x08, "the background's blue: " + Integer.toHexString(ghost));
  }

  @Test
  void whatIsImaginedWithinAThingIsNotSeen() {
    int alone = middle(List.of(cube(0.2, WHITE)), List.of());
    assertEquals(alone, middle(List.of(cube(0.2, WHITE)), List.of(cube(0.1, RED))));
    assertEquals(alone, middle(List.of(cube(0.2, WHITE)), List.of(cube(0.2, RED))));
  }
}
