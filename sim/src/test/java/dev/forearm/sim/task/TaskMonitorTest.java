package dev.forearm.sim.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.sim.SimFault;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Tabletop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TaskMonitorTest {
  private final Tabletop scene = new Tabletop(Gap.none());
  private final TaskMonitor monitor = new TaskMonitor(scene);

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void liftWantsTheCubeUpForAQuarterSecond() {
    monitor.reset(Task.LIFT);
    place("red_cube", 0.45, 0, 0.119);
    judge(1000);
    assertEquals(1, monitor.stage());
    assertEquals("lift it", monitor.stageName());
    place("red_cube", 0.45, 0, 0.121);
    judge(249);
    assertFalse(monitor.succeeded());
    place("red_cube", 0.45, 0, 0.10);
    judge(1);
    place("red_cube", 0.45, 0, 0.121);
    judge(249);
    assertFalse(monitor.succeeded(), "the quarter second begins anew");
    judge(1);
    assertTrue(monitor.succeeded());
    assertEquals(1.5, monitor.seconds(), 1e-9);
    judge(100);
    assertEquals(1.5, monitor.seconds(), 1e-9, "time stands once it is done");
  }

  @Test
  void theWrongCubeDoesNotCount() {
    monitor.reset(Task.LIFT);
    place("green_cube", 0.45, 0, 0.3);
    judge(500);
    assertEquals(0, monitor.stage());
  }

  @Test
  void tidyCountsItsStagesInOrder() {
    monitor.reset(Task.TIDY);
    assertEquals("lift the red cube", stageAfter("red_cube", 0.45, 0, 0.069));
    assertEquals("red cube to the left bin", stageAfter("red_cube", 0.45, 0, 0.071));
    assertEquals("lift the blue cube", stageAfter("red_cube", 0.46, 0.31, 0.026), "hand is away");
    assertEquals("blue cube to the right bin", stageAfter("blue_cube", 0.46, -0.2, 0.1));
    assertEquals("press the button", stageAfter("blue_cube", 0.46, -0.31, 0.026));
    press(0.01);
    judge(1);
    assertTrue(monitor.succeeded());
    assertEquals(7, monitor.stage());
  }

  @Test
  void tidyAsksForNeitherLiftNorRelease() {
    monitor.reset(Task.TIDY);
    place("blue_cube", 0.46, -0.31, 0.026);
    judge(1);
    assertEquals(0, monitor.stage(), "blue first is no progress yet");
    press(0.01);
    judge(1);
    press(0);
    place("red_cube", 0.46, 0.31, 0.026);
    judge(1);
    assertEquals(6, monitor.stage());
    assertEquals("press the button", monitor.stageName());
    place("red_cube", 0.46, 0.1, 0.02);
    press(0.01);
    judge(1);
    assertEquals(6, monitor.stage(), "the button counts only while both are there");
    place("red_cube", 0.46, 0.31, 0.026);
    judge(1);
    assertTrue(monitor.succeeded());
  }

  @Test
  void aCubeHeldOverTheBinIsNotInIt() {
    monitor.reset(Task.TIDY);
    place("red_cube", 0.46, 0.31, 0.08);
    judge(1);
    assertEquals(1, monitor.stage(), "lifted, no more");
  }

  @Test
  void timeRunsOut() {
    monitor.reset(Task.LIFT);
    judge(9_999);
    assertFalse(monitor.timedOut());
    judge(1);
    assertTrue(monitor.timedOut());
    place("red_cube", 0.45, 0, 0.3);
    judge(500);
    assertFalse(monitor.succeeded(), "too late");
  }

  @Test
  void fingersThatCloseAtACubeHaveTriedUntilItIsLifted() {
    monitor.reset(Task.TIDY);
    double[] hand = scene.toolPose().clone();
    place("green_cube", hand[0], hand[1], hand[2]);
    grasp();
    assertEquals(0, monitor.attempts(1), "no cube of the task is within reach");
    place("blue_cube", hand[0], hand[1], hand[2] - 0.1);
    grasp();
    assertEquals(1, monitor.attempts(1), "though closed 100 mm above it");
    finger(0.032);
    judge(1);
    finger(0.02);
    judge(1);
    assertEquals(1, monitor.attempts(1), "they had not opened");
    place("blue_cube", hand[0] + 0.16, hand[1], hand[2]);
    grasp();
    assertEquals(1, monitor.attempts(1), "out of reach");
    place("red_cube", hand[0], hand[1], hand[2]);
    grasp();
    assertEquals(0, monitor.attempts(0), "it had been lifted");
    monitor.reset(Task.TIDY);
    assertEquals(0, monitor.attempts(1));
  }

  @Test
  void changesAreToldApartFromTimeThatPasses() {
    monitor.reset(Task.LIFT);
    long before = monitor.changes();
    judge(100);
    assertEquals(before, monitor.changes());
    place("red_cube", 0.45, 0, 0.1);
    judge(100);
    assertEquals(before + 1, monitor.changes());
    judge(20_000);
    assertEquals(before + 2, monitor.changes(), "timed out, once");
  }

  @Test
  void anUnknownTaskIsRefusedWithTheKnownOnes() {
    SimFault fault = assertThrows(SimFault.class, () -> Task.named("juggle"));
    assertEquals("task 'juggle' is unknown; wanted one of [lift, tidy]", fault.getMessage());
  }

  private void judge(int steps) {
    for (int i = 0; i < steps; i++) {
      monitor.update();
    }
  }

  private void place(String cube, double x, double y, double z) {
    int at = scene.model().positionOf(cube);
    scene.data().position(at, x);
    scene.data().position(at + 1, y);
    scene.data().position(at + 2, z);
    scene.data().forwardPoses();
  }

  private void grasp() {
    finger(0.04);
    judge(1);
    finger(0.02);
    judge(1);
  }

  private void finger(double opening) {
    scene.data().position(scene.model().positionOf(Tabletop.JOINTS.getLast()), opening);
    scene.data().forwardPoses();
  }

  private String stageAfter(String cube, double x, double y, double z) {
    place(cube, x, y, z);
    judge(1);
    return monitor.stageName();
  }

  private void press(double travel) {
    scene.data().position(scene.model().positionOf("button"), travel);
    scene.data().forwardPoses();
  }
}
