package dev.forearm.models.retrieval;

import static dev.forearm.models.retrieval.ShownEpisodes.ABOVE;
import static dev.forearm.models.retrieval.ShownEpisodes.AWAY;
import static dev.forearm.models.retrieval.ShownEpisodes.CUBE;
import static dev.forearm.models.retrieval.ShownEpisodes.DOWN;
import static dev.forearm.models.retrieval.ShownEpisodes.GRIP;
import static dev.forearm.models.retrieval.ShownEpisodes.HELD;
import static dev.forearm.models.retrieval.ShownEpisodes.IMAGINING;
import static dev.forearm.models.retrieval.ShownEpisodes.JOINTS;
import static dev.forearm.models.retrieval.ShownEpisodes.OPEN;
import static dev.forearm.models.retrieval.ShownEpisodes.ROBOT;
import static dev.forearm.models.retrieval.ShownEpisodes.STEPS;
import static dev.forearm.models.retrieval.ShownEpisodes.along;
import static dev.forearm.models.retrieval.ShownEpisodes.moved;
import static dev.forearm.models.retrieval.ShownEpisodes.pose;
import static dev.forearm.models.retrieval.ShownEpisodes.taking;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.retrieval.ShownEpisodes.Shown;
import dev.forearm.models.samples.PlanSample;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RelabellingTest {
  private static final Driver OWN = new Driver.Learned("ab");
  private static final double[] STILL = new double[4];
  private static final int TOOL = JOINTS; // in a frame: joints, tool, cube
  private static final int THING = TOOL + 3;
  private static final int WIDTH = THING + 3;

  private final Relabelling relabelling =
      new Relabelling(IMAGINING, ROBOT, List.of(taking(new Driver.Expert()).episode("success")));

  private List<PlanSample> of(Shown own) {
    return relabelling.of(own.episode("failure"), 1);
  }

  private static double[] places(PlanSample sample, int frame, int at) {
    double[] place = new double[3];
    for (int i = 0; i < place.length; i++) {
      place[i] = sample.frames()[frame * WIDTH + at + i];
    }
    return place;
  }

  private static double[] xyz(double[] pose) {
    return Arrays.copyOf(pose, 3);
  }

  @Test
  void anOwnStepIsToldWhatWasDemonstratedInItsSituation() {
    double[] cube = moved(CUBE, 0.06, -0.11, 0.3);
    double[] tool = moved(ABOVE, 0.06, -0.11, 0.3);
    Shown own = new Shown().step(OWN, tool, OPEN, cube, new double[] {0, 0.01, 0, 0}, OPEN);
    PlanSample sample = of(own).getFirst();

    Observation observation = new Observation(IMAGINING);
    System.arraycopy(
        sample.observation(), 0, observation.values(), 0, IMAGINING.observationWidth());
    Plan plan = new Plan(IMAGINING);
    new RetrievalPolicy(IMAGINING, ROBOT, List.of(taking(new Driver.Expert()).episode("success")))
        .plan(observation, plan);
    assertArrayEquals(plan.actions(), sample.chunk());

    assertArrayEquals(xyz(along(tool, DOWN, 2)), places(sample, 0, TOOL), 1e-4, "after 2 steps");
    assertArrayEquals(xyz(along(tool, DOWN, STEPS)), places(sample, 1, TOOL), 1e-4);
    for (int joint = 0; joint < JOINTS; joint++) {
      assertEquals(
          plan.actions()[(STEPS - 1) * JOINTS + joint], sample.frames()[WIDTH + joint], 1e-6);
    }
    assertArrayEquals(xyz(cube), places(sample, 1, THING), 1e-6, "nothing moves it");
  }

  @Test
  void whatTheFingersCloseOnGoesWithTheTool() {
    double[] up = {0, 0, 0.005, 0};
    Relabelling lifting =
        new Relabelling(
            IMAGINING,
            ROBOT,
            List.of(
                new Shown()
                    .step(new Driver.Expert(), CUBE, OPEN, CUBE, up, GRIP)
                    .step(new Driver.Expert(), pose(0.45, 0.05, 0.04, 0), HELD, up, GRIP)
                    .episode("success")));
    double[] cube = moved(CUBE, 0.002, 0.08, 0);
    double[] tool = moved(CUBE, 0, 0.08, 0);
    PlanSample sample =
        lifting
            .of(new Shown().step(OWN, tool, OPEN, cube, STILL, OPEN).episode("failure"), 1)
            .getFirst();
    double[] atFirst = places(sample, 0, TOOL);
    double[] atLast = places(sample, 1, TOOL);
    assertTrue(atLast[2] > atFirst[2] + 0.009, "it is lifted");
    for (int i = 0; i < 3; i++) {
      assertEquals(
          atLast[i] - atFirst[i], places(sample, 1, THING)[i] - places(sample, 0, THING)[i], 1e-6);
    }
  }

  @Test
  void whatIsHeldGoesAlongUntilItIsLetGoOf() {
    double[] tool = pose(0.45, 0.12, 0.12, 0);
    PlanSample carrying = of(new Shown().step(OWN, tool, HELD, AWAY, GRIP)).getFirst();
    assertArrayEquals(xyz(along(tool, AWAY, STEPS)), places(carrying, 1, TOOL), 1e-4);
    assertArrayEquals(xyz(along(tool, AWAY, STEPS)), places(carrying, 1, THING), 1e-4);
    assertEquals(HELD, carrying.frames()[WIDTH + JOINTS - 1], 1e-6, "the cube is between them");
    assertEquals(GRIP, carrying.chunk()[JOINTS - 1], 1e-9);

    Driver driver = new Driver.Expert();
    Relabelling letting =
        new Relabelling(
            IMAGINING,
            ROBOT,
            List.of(
                taking(driver)
                    .step(driver, pose(0.46, 0.30, 0.05, 0), HELD, AWAY, OPEN)
                    .episode("success")));
    double[] above = pose(0.46, 0.30, 0.05, 0);
    PlanSample let =
        letting
            .of(new Shown().step(OWN, above, HELD, STILL, GRIP).episode("failure"), 1)
            .getFirst();
    assertArrayEquals(xyz(along(above, AWAY, STEPS)), places(let, 1, TOOL), 1e-4);
    assertArrayEquals(xyz(above), places(let, 1, THING), 1e-4, "it stays behind");
  }

  @Test
  void othersStepsAreLeftAlone() {
    assertEquals(List.of(), of(taking(new Driver.Retrieval())));
    assertEquals(List.of(), of(taking(new Driver.Recovery())));
    assertEquals(8, of(taking(OWN)).size());
  }

  @Test
  void oneOfSoManyIsTaken() {
    Shown own = new Shown();
    for (int i = 0; i < 7; i++) {
      own.step(OWN, ABOVE, OPEN, DOWN, OPEN);
    }
    assertEquals(7, of(own).size());
    assertEquals(3, relabelling.of(own.episode("failure"), 3).size());
  }

  @Test
  void anEpisodeOfAnotherObservationIsRefused() {
    RecordedPlans own = new Shown().step(OWN, ABOVE, OPEN, DOWN, OPEN).episode("failure");
    own.observations().replaceAll((_, seen) -> new float[seen.length - 1]);
    assertThrows(ModelsFault.class, () -> relabelling.of(own, 1));
  }

  @Test
  void withoutADemonstrationItSaysWhatToDo() {
    ModelsFault fault =
        assertThrows(ModelsFault.class, () -> new Relabelling(IMAGINING, ROBOT, List.of()));
    assertTrue(fault.toString().contains("forearm record"), fault::toString);
  }
}
