package dev.forearm.models.retrieval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.kinematics.InverseKinematics;
import dev.forearm.runtime.kinematics.Rotations;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.PolicyState;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RetrievalPolicyTest {
  private static final Robot ROBOT =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  private static final int JOINTS = ROBOT.jointCount();
  private static final int FINGER = JOINTS - 1;
  private static final int STEPS = 4; // of a chunk
  private static final long PERIOD_NANOS = 50_000_000;
  private static final double OPEN = 0.04;
  private static final double HELD = 0.02;
  private static final double GRIP = 0.004;
  private static final double[] CUBE = {0.45, 0.05, 0.02, 0};
  private static final double[] BIN = {0.46, 0.31, 0, 0};

  private static final PolicySpec SPEC =
      new PolicySpec(
          List.of(
              new Feature("joints", new Source.JointPosition(), JOINTS, "mixed"),
              new Feature("tool", new Source.ToolPosition(), 3, "m"),
              new Feature("turn", new Source.ToolRotation(), 6, "1"),
              new Feature("cube", new Source.ObjectPosition("cube"), 3, "m"),
              new Feature("cube_turn", new Source.ObjectRotation("cube"), 6, "1"),
              new Feature("bin", new Source.ObjectPosition("bin"), 3, "m")),
          List.of("joints"),
          List.of(),
          List.of(),
          ROBOT.jointNames(),
          STEPS,
          PERIOD_NANOS);

  private final SerialChain chain = new SerialChain(ROBOT);
  private final InverseKinematics inverse = new InverseKinematics(ROBOT, 2);

  /** Joint positions with the tool in a pose. */
  private double[] joints(double[] pose, double opening) {
    double q = Math.PI / 4;
    double[] joints = {0, -q, 0, -3 * q, 0, 2 * q, q, opening};
    inverse.solve(joints, pose[0], pose[1], pose[2], pose[3], 60);
    return joints;
  }

  /** What is seen of a tool, a cube and the bin. */
  private float[] seen(double[] tool, double opening, double[] cube) {
    double[] joints = joints(tool, opening);
    double[] pose = new double[7];
    chain.toolPose(joints, pose);
    float[] seen = new float[SPEC.observationWidth()];
    int at = put(joints, JOINTS, seen, 0);
    at = put(pose, 3, seen, at);
    Rotations.firstTwoColumns(pose, 3, seen, at);
    at = put(cube, 3, seen, at + 6);
    seen[at] = (float) Math.cos(cube[3]);
    seen[at + 1] = (float) Math.sin(cube[3]);
    seen[at + 3] = -seen[at + 1];
    seen[at + 4] = seen[at];
    put(BIN, 3, seen, at + 6);
    return seen;
  }

  private static int put(double[] from, int count, float[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = (float) from[i];
    }
    return at + count;
  }

  private static double[] pose(double x, double y, double z, double yaw) {
    return new double[] {x, y, z, yaw};
  }

  /** Somebody's episode, written down step by step. */
  private final class Shown {
    private final TreeMap<Long, float[]> observations = new TreeMap<>();
    private final TreeMap<Long, double[]> chunks = new TreeMap<>();
    private final TreeMap<Long, Driver> drivers = new TreeMap<>();
    private final TreeMap<Long, double[]> commands = new TreeMap<>();

    /** A step whose chunk goes from the tool straight on by a way each. */
    Shown step(Driver driver, double[] tool, double opening, double[] way, double told) {
      double[] cube = opening == OPEN ? CUBE : pose(tool[0], tool[1], tool[2], 0); // held
      return step(driver, tool, opening, cube, way, told);
    }

    Shown step(
        Driver driver, double[] tool, double opening, double[] cube, double[] way, double told) {
      long stamp = observations.size() * PERIOD_NANOS;
      double[] chunk = new double[STEPS * JOINTS];
      for (int k = 0; k < STEPS; k++) {
        double[] to = tool.clone();
        for (int i = 0; i < to.length; i++) {
          to[i] += (k + 1) * way[i];
        }
        System.arraycopy(joints(to, told), 0, chunk, k * JOINTS, JOINTS);
      }
      observations.put(stamp, seen(tool, opening, cube));
      chunks.put(stamp, chunk);
      drivers.put(stamp, driver);
      commands.put(stamp, joints(tool, told));
      return this;
    }

    RecordedPlans episode(String result) {
      return new RecordedPlans(
          "shown",
          Map.of("task", "tidy"),
          Map.of("result", result),
          observations,
          new TreeMap<>(),
          chunks,
          drivers,
          commands,
          new TreeMap<>());
    }
  }

  private static final double[] DOWN = {0, 0, -0.004, 0.01};
  private static final double[] AWAY = {0, 0.004, 0, 0};
  private static final double[] ABOVE = {0.44, 0.03, 0.1, 0.1};

  /** Down to the cube, take it, up, to the bin, let go. */
  private Shown taking(Driver driver) {
    return new Shown()
        .step(driver, ABOVE, OPEN, DOWN, OPEN)
        .step(driver, pose(0.45, 0.05, 0.02, 0), OPEN, CUBE, new double[4], GRIP)
        .step(driver, pose(0.45, 0.05, 0.021, 0), HELD, new double[] {0, 0, 0.005, 0}, GRIP)
        .step(driver, pose(0.45, 0.05, 0.05, 0), HELD, new double[] {0, 0, 0.005, 0}, GRIP)
        .step(driver, pose(0.45, 0.12, 0.12, 0), HELD, AWAY, GRIP)
        .step(driver, pose(0.46, 0.29, 0.05, 0), HELD, AWAY, GRIP)
        .step(driver, pose(0.46, 0.31, 0.04, 0), OPEN, pose(0.46, 0.31, 0.03, 0), AWAY, OPEN)
        .step(driver, pose(0.46, 0.31, 0.06, 0), OPEN, pose(0.46, 0.31, 0.03, 0), AWAY, OPEN);
  }

  private RetrievalPolicy policy(RecordedPlans... episodes) {
    return new RetrievalPolicy(SPEC, ROBOT, List.of(episodes));
  }

  private Plan plan(RetrievalPolicy policy, double[] tool, double opening, double[] cube) {
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

  private static double[] along(double[] from, double[] way, int steps) {
    double[] to = from.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] += steps * way[i];
    }
    return to;
  }

  private static double[] moved(double[] pose, double x, double y, double yaw) {
    return pose(pose[0] + x, pose[1] + y, pose[2], pose[3] + yaw);
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
