package dev.forearm.launch.foresight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.launch.House;
import dev.forearm.launch.foresight.WatchedRun.Watched;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.Seeds;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.runtime.foresight.ForesightCalibration;
import dev.forearm.runtime.robot.ForesightResponse;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.scene.Fault;
import dev.forearm.sim.task.Task;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A committed bundle, calibrated here on sixty of its own episodes. */
final class WatchedRunTest {
  private static final Robot ROBOT = House.robot("tabletop");
  private static final long START = 4711;
  private static Mind mind;

  @BeforeAll
  static void calibrate() {
    Mind plain = Mind.named("../models/bundles/lift-sft", ROBOT, Task.LIFT);
    BundlePolicy policy = (BundlePolicy) plain.policy();
    ForesightCalibration calibration =
        new ForesightCalibration(policy.spec(), policy.imaginedScale());
    Seeds seeds = new Seeds(5);
    try (WatchedRun run = new WatchedRun(ROBOT, plain)) {
      for (int i = 0; i < 60; i++) {
        Watched _ = run.calibrate(seeds.next(), calibration);
      }
    }
    mind = plain.foreseeing(Optional.of(calibration.limits(0.05)));
  }

  @AfterAll
  static void close() {
    mind.close();
  }

  @Test
  void aCleanEpisodeIsNotStopped() {
    try (WatchedRun run = new WatchedRun(ROBOT, mind)) {
      Watched clean = run.play(START, List.of());
      assertTrue(clean.success());
      assertFalse(clean.alarmed());
    }
  }

  @Test
  void aMovedCubeIsSeenWithinAFrame() {
    try (WatchedRun run = new WatchedRun(ROBOT, mind)) {
      Watched moved = run.play(START, List.of(new Fault.MovedCube(0.6, "red_cube", 0.05, 0.06)));
      assertEquals(0.6, moved.faultSeconds(), 1e-9);
      assertEquals(0.6, moved.alarmSeconds(), 0.25, "while frames of before are due");
    }
  }

  @Test
  void aSlippedGraspIsSeenAtOnce() {
    try (WatchedRun run = new WatchedRun(ROBOT, mind)) {
      Watched slipped = run.play(START, List.of(new Fault.SlippedGrasp(0)));
      assertTrue(slipped.faultSeconds() > slipped.clean().doneSeconds(1), "it was carried");
      assertEquals(slipped.faultSeconds(), slipped.alarmSeconds(), 0.25);
    }
  }

  @Test
  void whatComesAboutNeedsNoNewPlan() {
    Robot skipping = ROBOT.responding(Optional.of(new ForesightResponse(4, 10, 3)));
    try (WatchedRun each = new WatchedRun(ROBOT, mind);
        WatchedRun some = new WatchedRun(skipping, mind)) {
      Watched planned = each.play(START, List.of());
      Watched skipped = some.play(START, List.of());
      assertTrue(skipped.success());
      assertTrue(
          4 * skipped.plans() < 3 * planned.plans(),
          () -> skipped.plans() + " plans in the place of " + planned.plans());
    }
  }
}
