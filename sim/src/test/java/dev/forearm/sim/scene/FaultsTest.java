package dev.forearm.sim.scene;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.sim.SimFault;
import dev.forearm.sim.gap.Gap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FaultsTest {
  private static final int RED = 0;

  private final Tabletop scene = new Tabletop(Gap.none());
  private final Faults faults = new Faults(scene);

  @AfterEach
  void close() {
    scene.close();
  }

  private void step(int milliseconds) {
    for (int i = 0; i < milliseconds; i++) {
      faults.update();
      scene.step();
    }
  }

  @Test
  void aCubeIsMovedAtItsTimeAndStaysThere() {
    double x = scene.object(RED, 0);
    double y = scene.object(RED, 1);
    faults.reset(List.of(new Fault.MovedCube(0.1, "red_cube", 0.02, -0.03)));
    step(100);
    assertEquals(x, scene.object(RED, 0), 1e-4);
    assertTrue(Double.isNaN(faults.lastSeconds()));
    step(200);
    assertEquals(x + 0.02, scene.object(RED, 0), 1e-3);
    assertEquals(y - 0.03, scene.object(RED, 1), 1e-3);
    assertEquals(0.1, faults.lastSeconds(), 1e-9);
  }

  @Test
  void aStuckJointStaysUntilTheNextEpisode() {
    double stuck = scene.jointPosition(0);
    faults.reset(List.of(new Fault.StuckJoint(0, "panda_joint1")));
    step(1);
    scene.servo(0, stuck + 0.3);
    scene.servo(1, scene.jointPosition(1) + 0.1);
    step(500);
    assertEquals(stuck, scene.jointPosition(0), 0.01);
    scene.reset(0);
    faults.reset(List.of());
    scene.servo(0, stuck + 0.3);
    step(1000);
    assertEquals(stuck + 0.3, scene.jointPosition(0), 0.02);
  }

  @Test
  void frozenPosesAreOfTheMomentWhileTheWorldGoesOn() {
    double[] before = new double[Tabletop.OBJECTS.size() * Tabletop.POSE];
    double[] after = before.clone();
    faults.reset(
        List.of(new Fault.FrozenCamera(0), new Fault.MovedCube(0.01, "red_cube", 0.02, -0.03)));
    scene.seenPoses(before);
    step(100);
    scene.seenPoses(after);
    assertArrayEquals(before, after);
    scene.truePoses(after);
    assertEquals(before[0] + 0.02, after[0], 1e-3);
  }

  @Test
  void aGraspSlipsOnlyWhenSomethingIsCarried() {
    faults.reset(List.of(new Fault.SlippedGrasp(0)));
    step(50);
    assertTrue(Double.isNaN(faults.lastSeconds()), "nothing is in the hand");
    double[] tool = scene.toolPose();
    scene.shift(
        RED,
        tool[0] - scene.object(RED, 0),
        tool[1] - scene.object(RED, 1),
        tool[2] - scene.object(RED, 2));
    double height = scene.object(RED, 2);
    step(1);
    assertEquals(height - 0.045, scene.object(RED, 2), 1e-3);
  }

  @Test
  void whatIsNotThereCannotFail() {
    assertThrows(SimFault.class, () -> new Fault.StuckJoint(0, "panda_joint9"));
    assertThrows(SimFault.class, () -> new Fault.MovedCube(0, "drawer", 0, 0));
  }
}
