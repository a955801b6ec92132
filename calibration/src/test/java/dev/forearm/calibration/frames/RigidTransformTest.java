package dev.forearm.calibration.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RigidTransformTest {
  @Test
  void aQuarterTurnAboutZTakesXToY() {
    var baseFromTool =
        new RigidTransform(
            "base", "tool", 1, 2, 3, UnitQuaternion.ofAxisAngle(0, 0, 5, Math.PI / 2));
    Vector3 p = baseFromTool.apply(new Vector3("tool", 1, 0, 0));
    assertEquals(0, p.distanceTo(new Vector3("base", 1, 3, 3)), 1e-12);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void composingIsApplyingOneAfterTheOtherAndTheInverseUndoesIt(long seed) {
    var random = new Random(seed);
    RigidTransform cameraFromBase = random("camera", "base", random);
    RigidTransform baseFromTool = random("base", "tool", random);
    var point =
        new Vector3("tool", random.nextGaussian(), random.nextGaussian(), random.nextGaussian());

    Vector3 stepwise = cameraFromBase.apply(baseFromTool.apply(point));
    RigidTransform cameraFromTool = cameraFromBase.times(baseFromTool);

    assertTrue(cameraFromTool.apply(point).distanceTo(stepwise) < 1e-12);
    assertTrue(cameraFromTool.inverse().apply(stepwise).distanceTo(point) < 1e-12);
    assertEquals(
        0,
        cameraFromTool.times(cameraFromTool.inverse()).rotation().angleTo(UnitQuaternion.IDENTITY),
        1e-7);
  }

  @Test
  void mixingFramesIsRefusedByName() {
    var baseFromTool = new RigidTransform("base", "tool", 0, 0, 0, UnitQuaternion.IDENTITY);
    var cameraFromBase = new RigidTransform("camera", "base", 0, 0, 0, UnitQuaternion.IDENTITY);

    var wrongOrder =
        assertThrows(IllegalArgumentException.class, () -> baseFromTool.times(cameraFromBase));
    assertEquals(
        "transform base from tool cannot take what is in frame 'camera'", wrongOrder.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> baseFromTool.apply(new Vector3("base", 0, 0, 0)));
  }

  @Test
  void rosOrderIsConvertedNotReinterpreted() {
    assertEquals(new UnitQuaternion(1, 0, 0, 0), UnitQuaternion.ofXyzw(0, 0, 0, 1));
  }

  private static RigidTransform random(String to, String from, Random random) {
    return new RigidTransform(
        to,
        from,
        random.nextGaussian(),
        random.nextGaussian(),
        random.nextGaussian(),
        new UnitQuaternion(
            random.nextGaussian(),
            random.nextGaussian(),
            random.nextGaussian(),
            random.nextGaussian()));
  }
}
