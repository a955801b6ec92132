package dev.forearm.models.retrieval;

import static dev.forearm.models.retrieval.ShownEpisodes.ABOVE;
import static dev.forearm.models.retrieval.ShownEpisodes.AWAY;
import static dev.forearm.models.retrieval.ShownEpisodes.CUBE;
import static dev.forearm.models.retrieval.ShownEpisodes.DOWN;
import static dev.forearm.models.retrieval.ShownEpisodes.FINGER;
import static dev.forearm.models.retrieval.ShownEpisodes.GRIP;
import static dev.forearm.models.retrieval.ShownEpisodes.HELD;
import static dev.forearm.models.retrieval.ShownEpisodes.JOINTS;
import static dev.forearm.models.retrieval.ShownEpisodes.OPEN;
import static dev.forearm.models.retrieval.ShownEpisodes.PERIOD_NANOS;
import static dev.forearm.models.retrieval.ShownEpisodes.ROBOT;
import static dev.forearm.models.retrieval.ShownEpisodes.SPEC;
import static dev.forearm.models.retrieval.ShownEpisodes.STEPS;
import static dev.forearm.models.retrieval.ShownEpisodes.along;
import static dev.forearm.models.retrieval.ShownEpisodes.moved;
import static dev.forearm.models.retrieval.ShownEpisodes.pose;
import static dev.forearm.models.retrieval.ShownEpisodes.seen;
import static dev.forearm.models.retrieval.ShownEpisodes.taking;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.retrieval.ShownEpisodes.Shown;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicyState;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RetrievalPolicyTest {
  private final SerialChain chain = new SerialChain(ROBOT);

  private static RetrievalPolicy policy(RecordedPlans... episodes) {
    return new RetrievalPolicy(SPEC, ROBOT, List.of(episodes));
  }

  private static Plan plan(RetrievalPolicy policy, double[] tool, double opening, double[] cube) {
    Observation observation = new Observation(SPEC);
    System.arraycopy(
        seen(tool, opening, cube), 0, observation.values(), 0, SPEC.observationWidth());
    Plan plan = new Plan(SPEC);
    policy.plan(observation, plan);
    return plan;
  }

  /** Where an action has the tool, x y z yaw. */
  private double[] reached(Plan plan, int step) {
    double[] pose = new double[7];
    double[] actions = Arrays.copyOfRange(plan.actions(), step * JOINTS, (step + 1) * JOINTS);
    chain.toolPose(actions, pose);
    float[] columns = new float[6];
    Rotations.firstTwoColumns(pose, 3, columns, 0);
    return pose(pose[0], pose[1], pose[2], Math.atan2(columns[1], columns[0]));
  }

  @Test
  void aPathGoesAlongWithAThingThatStandsElsewhereAndIsTurned() {
    RetrievalPolicy policy = policy(taking(new Driver.Expert()).episode("success"));
    double[] tool = moved(ABOVE, 0.06, -0.11, 0.3);
    Plan plan = plan(policy, tool, OPEN, moved(CUBE, 0.06, -0.11, 0.3));
    for (int k = 0; k < STEPS; k++) {
      assertArrayEquals(along(tool, DOWN, k + 1), reached(plan, k), 1e-4);
      assertEquals(OPEN, plan.actions()[k * JOINTS + FINGER], 1e-9);
    }
    assertEquals(new Driver.Retrieval(), plan.driver());
  }

  @Test
  void aCubeIsTakenAlikeFromEachOfItsSides() {
    RetrievalPolicy policy = policy(taking(new Driver.Expert()).episode("success"));
    Plan plan = plan(policy, ABOVE, OPEN, moved(CUBE, 0, 0, Math.PI / 2));
    assertArrayEquals(along(ABOVE, DOWN, STEPS), reached(plan, STEPS - 1), 1e-4);
  }

  @Test
  void theToolComesOntoThePathAtTheSpeedOfADemonstration() {
    RetrievalPolicy policy = policy(taking(new Driver.Expert()).episode("success"));
    Plan plan = plan(policy, moved(ABOVE, 0.016, 0, 0), OPEN, CUBE);
    assertEquals(ABOVE[0] + 0.016 - 0.0075, reached(plan, 0)[0], 1e-4, ".15 m/s");
    assertEquals(ABOVE[0] + 0.016 - 0.015, reached(plan, 1)[0], 1e-4);
    assertArrayEquals(along(ABOVE, DOWN, 3), reached(plan, 2), 1e-4, "on it");
  }

  @Test
  void whatWasJustTakenIsFirstLiftedFromWhereItIs() {
    RetrievalPolicy policy = policy(taking(new Driver.Expert()).episode("success"));
    double[] tool = moved(CUBE, 0.09, -0.12, 0);
    Plan plan = plan(policy, tool, HELD, tool);
    assertArrayEquals(
        along(tool, new double[] {0, 0, 0.005, 0}, STEPS), reached(plan, STEPS - 1), 1e-4);
    assertEquals(GRIP, plan.actions()[FINGER], 1e-9);
  }

  @Test
  void whatIsHeldIsCarriedByTheBinsPlace() {
    RetrievalPolicy policy = policy(taking(new Driver.Expert()).episode("success"));
    double[] tool = pose(0.463, 0.285, 0.05, 0);
    Plan plan = plan(policy, tool, HELD, tool);
    assertArrayEquals(along(pose(0.46, 0.29, 0.05, 0), AWAY, STEPS), reached(plan, 3), 1e-4);
  }

  @Test
  void thingsHandledAreTheCubeThenTheBinAndNothingWhileTheHandLeaves() {
    List<Integer> things =
        DemonstratedStep.of(SPEC, ROBOT, taking(new Driver.Expert()).episode("success")).stream()
            .map(DemonstratedStep::thing)
            .toList();
    int cube = 0;
    int bin = 1;
    int none = Scene.NOTHING;
    assertEquals(List.of(cube, none, none, none, bin, bin, none, none), things);
  }

  @Test
  void aPersonsCommandsAreWhatTheyShowed() {
    double[] executed =
        Objects.requireNonNull(taking(new Driver.Human("Ada")).commands.get(3 * PERIOD_NANOS));
    DemonstratedStep step =
        DemonstratedStep.of(SPEC, ROBOT, taking(new Driver.Human("Ada")).episode("success")).get(2);
    double[] pose = new double[7];
    chain.toolPose(executed, pose);
    assertArrayEquals(Arrays.copyOf(pose, 3), Arrays.copyOf(step.path(), 3), 1e-12);
  }

  @Test
  void itGoesOnWithTheDemonstrationItBeganWith() {
    double[] left = {0, 0.01, 0, 0};
    double[] right = {0, -0.01, 0, 0};
    Driver driver = new Driver.Expert();
    RecordedPlans one =
        new Shown()
            .step(driver, ABOVE, OPEN, left, OPEN)
            .step(driver, moved(ABOVE, 0.01, 0, 0), OPEN, left, OPEN)
            .episode("success");
    RecordedPlans other =
        new Shown()
            .step(driver, moved(ABOVE, 0, 0.001, 0), OPEN, right, OPEN)
            .step(driver, moved(ABOVE, 0.01, 0.001, 0), OPEN, right, OPEN)
            .episode("success");
    RetrievalPolicy policy = policy(one, other);
    double[] then = moved(ABOVE, 0.01, 0.0008, 0); // nearer to the other
    assertTrue(reached(plan(policy, then, OPEN, CUBE), 3)[1] < ABOVE[1], "who begins here");
    policy.reset();
    assertTrue(reached(plan(policy, ABOVE, OPEN, CUBE), 3)[1] > ABOVE[1]);
    PolicyState kept = policy.freeze();
    double[] goesOn = plan(policy, then, OPEN, CUBE).actions().clone();
    policy.reset();
    policy.thaw(kept);
    assertArrayEquals(goesOn, plan(policy, then, OPEN, CUBE).actions());
    assertTrue(reached(plan(policy, then, OPEN, CUBE), 3)[1] < ABOVE[1], "where one ends");
    policy.thaw(kept);
    assertTrue(reached(plan(policy, then, OPEN, CUBE), 3)[1] > ABOVE[1], "who came with the one");
  }

  @Test
  void onlyWhatWasDemonstratedWithSuccessIsDone() {
    for (Driver driver :
        List.of(new Driver.Learned("ab"), new Driver.Retrieval(), new Driver.Recovery())) {
      assertThrows(ModelsFault.class, () -> policy(taking(driver).episode("success")));
    }
    assertThrows(ModelsFault.class, () -> policy(taking(new Driver.Expert()).episode("failure")));
  }

  @Test
  void aMemoryOfOtherDemonstrationsIsRefused() {
    RetrievalPolicy policy = policy(taking(new Driver.Expert()).episode("success"));
    PolicyState other = new PolicyState(0, 0, Map.of("last_step", new float[] {8}));
    assertThrows(IllegalArgumentException.class, () -> policy.thaw(other));
  }

  @Test
  void planningAllocatesNothing() {
    RetrievalPolicy policy = policy(taking(new Driver.Expert()).episode("success"));
    Observation observation = new Observation(SPEC);
    System.arraycopy(seen(ABOVE, OPEN, CUBE), 0, observation.values(), 0, SPEC.observationWidth());
    Plan plan = new Plan(SPEC);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<Long> allocated = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        policy.plan(observation, plan);
      }
      allocated.add(threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(allocated.contains(0L), () -> allocated + " bytes");
  }
}
