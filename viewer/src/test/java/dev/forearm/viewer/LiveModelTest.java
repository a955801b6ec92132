package dev.forearm.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LiveModelTest {
  private final ForesightTap tap = new ForesightTap(SmallRobot.SPEC);
  private double second = 1;
  private final LiveModel model =
      new LiveModel(SmallRobot.ROBOT, tap, () -> SmallRobot.telemetry(second, 0.25));

  @Test
  void pointsAreFoundByTheirSourceInObservationAndImagination() {
    List<PointTrack> tracks = PointTrack.of(SmallRobot.SPEC);
    assertEquals(
        List.of(
            new PointTrack("tool", 1, 0, PointTrack.NOT_IMAGINED),
            new PointTrack("red_cube", 4, 3, PointTrack.NOT_IMAGINED),
            new PointTrack("button", 7, PointTrack.NOT_IMAGINED, PointTrack.NOT_IMAGINED)),
        tracks);
  }

  @Test
  void theImaginedFutureIsReadFrameByFrame() {
    imagineAt(1);
    model.update();
    PointTrack cube = model.tracks().get(1);
    assertTrue(model.imagines());
    assertEquals(4, model.observed(cube, 0));
    assertEquals(3, model.imagined(cube, 0, 0));
    assertEquals(6 + 5, model.imagined(cube, 1, 2));
  }

  @Test
  void anImaginationIsForgottenOnceItsHorizonHasPassed() {
    imagineAt(1);
    second = 1 + model.horizonSeconds() + 0.01;
    model.update();
    assertFalse(model.imagines());
  }

  @Test
  void theImaginedHeightStandsAtTheTimeItIsImaginedFor() {
    imagineAt(1);
    model.update();
    model.update();
    assertEquals(1, model.imaginedHeight().size(), "one point for one imagination");
    assertEquals(1 + model.horizonSeconds(), model.imaginedHeight().second(0), 1e-9);
    assertEquals(6 + 2, model.imaginedHeight().value(0));
  }

  @Test
  void theExecutedHeightComesFromTheMeasuredJoints() {
    imagineAt(1);
    model.update();
    assertEquals(0.25, model.toolHeight().value(0), 1e-12);
  }

  @Test
  void jointsThatAreNotImaginedMakeNoGhost() {
    imagineAt(1);
    model.update();
    assertTrue(model.imaginedJoints(1).isEmpty());
  }

  @Test
  void imaginedJointsAndTurnsAreFoundByTheirSource() {
    PolicySpec spec =
        new PolicySpec(
            List.of(
                new Feature("cube", new Source.ObjectPosition("red_cube"), 3, "m"),
                new Feature("joints", new Source.JointPosition(), 1, "m"),
                new Feature("turn", new Source.ObjectRotation("red_cube"), 6, "1")),
            List.of("joints"),
            List.of("joints", "turn", "cube"),
            List.of(4),
            List.of("lift"),
            8,
            50_000_000);
    assertEquals(List.of(new PointTrack("red_cube", 0, 7, 1)), PointTrack.of(spec));
    assertEquals(Optional.of(0), PointTrack.imagined(spec, new Source.JointPosition()));
  }

  private void imagineAt(double seconds) {
    Observation observation = new Observation(SmallRobot.SPEC.observationWidth());
    for (int i = 0; i < observation.values().length; i++) {
      observation.values()[i] = i;
    }
    long nanos = Math.round(seconds * 1e9);
    observation.at(nanos, nanos);
    Plan plan = new Plan(SmallRobot.SPEC);
    for (int i = 0; i < plan.imagined().length; i++) {
      plan.imagined()[i] = i;
    }
    plan.imagines(true);
    tap.observed(observation);
    tap.planned(observation, plan);
  }
}
