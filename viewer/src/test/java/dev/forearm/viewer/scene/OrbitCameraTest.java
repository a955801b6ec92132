package dev.forearm.viewer.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.joml.Vector3f;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OrbitCameraTest {
  private static final float ASPECT = 1.5f;

  private final OrbitCamera camera = new OrbitCamera(0.4, 0.1, 0.2, 2);

  private float[] seen(double x, double y, double z) {
    float[] place = new float[2];
    assertTrue(camera.project(x, y, z, ASPECT, place), "before the camera");
    return place;
  }

  @Test
  void thePointThatItCirclesIsInTheMiddleWhereverItStands() {
    for (int i = 0; i < 20; i++) {
      camera.orbit(37 * i, i % 2 == 0 ? 55 : -40);
      camera.zoom(i % 3 - 1);
      assertArrayEquals(new float[] {0.5f, 0.5f}, seen(0.4, 0.1, 0.2), 1e-5f);
    }
  }

  @Test
  void upIsUpAndTheRobotsLeftIsRightOfWhoLooksAtItFromAhead() {
    assertTrue(seen(0.4, 0.1, 0.4)[1] < 0.5f, "higher points are further up");
    assertTrue(seen(0.4, 0.3, 0.2)[0] > 0.5f, "it looks at the robot, not with it");
  }

  @Test
  void draggingTurnsWhatIsInFrontWithTheMouse() {
    Vector3f near = camera.eye().lerp(new Vector3f(0.4f, 0.1f, 0.2f), 0.7f);
    float[] before = seen(near.x, near.y, near.z);
    camera.orbit(40, 0);
    assertTrue(seen(near.x, near.y, near.z)[0] > before[0], "to the right");
    before = seen(near.x, near.y, near.z);
    camera.orbit(0, 40);
    assertTrue(seen(near.x, near.y, near.z)[1] > before[1], "down");
  }

  @ParameterizedTest
  @ValueSource(floats = {-5000, 5000})
  void itNeverGoesBelowTheFloorsLevelNorOverTheTop(float down) {
    camera.orbit(0, down);
    Vector3f eye = camera.eye();
    assertTrue(eye.z > 0.2f, "stays above what it circles");
    assertTrue(Math.hypot(eye.x - 0.4, eye.y - 0.1) > 0.01, "never looks straight down");
    assertEquals(2, eye.distance(0.4f, 0.1f, 0.2f), 1e-4f);
  }

  @Test
  void theWheelChangesTheDistanceAndNothingElse() {
    Vector3f before = camera.eye().sub(0.4f, 0.1f, 0.2f);
    camera.zoom(3);
    Vector3f after = camera.eye().sub(0.4f, 0.1f, 0.2f);
    assertTrue(after.length() < before.length());
    assertEquals(0, before.normalize().distance(after.normalize()), 1e-5f);
    camera.zoom(1e4f);
    assertTrue(camera.eye().distance(0.4f, 0.1f, 0.2f) > 0.1f, "but not into it");
  }

  @Test
  void panningKeepsWhatIsUnderTheMouseThere() {
    int height = 600;
    float[] before = seen(0.4, 0.1, 0.2);
    camera.pan(60, -45, height);
    float[] after = seen(0.4, 0.1, 0.2);
    assertEquals(60f / (height * ASPECT), after[0] - before[0], 1e-3f);
    assertEquals(-45f / height, after[1] - before[1], 1e-3f);
  }

  @Test
  void whatIsBehindItIsNotSeen() {
    Vector3f behind = camera.eye().mul(2).sub(0.4f, 0.1f, 0.2f);
    assertFalse(camera.project(behind.x, behind.y, behind.z, ASPECT, new float[2]));
  }

  @Test
  void resettingUndoesEverything() {
    Vector3f before = camera.eye();
    Random random = new Random(5);
    for (int i = 0; i < 10; i++) {
      camera.orbit(random.nextFloat(300), random.nextFloat(300));
      camera.pan(random.nextFloat(300), random.nextFloat(300), 500);
      camera.zoom(random.nextFloat());
    }
    camera.reset();
    assertEquals(0, before.distance(camera.eye()), 1e-6f);
  }
}
