package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.kinematics.InverseKinematics;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegraspingPolicyTest {
  private static final Robot ROBOT = TabletopRobot.read();
  private static final int JOINTS = ROBOT.jointCount();
  private static final int FINGER = JOINTS - 1;
  private static final int TOOL = JOINTS;
  private static final int CUBE = JOINTS + 3;
  private static final int BIN = JOINTS + 6;
  private static final long STEP_NANOS = 50_000_000;
  private static final double FINGER_MAX = ROBOT.joints().get(FINGER).positionMax();
  private static final double[] CUBE_AT = {0.5, 0.1, 0.02};

  private static PolicySpec spec(List<Feature> features, List<String> joints) {
    return new PolicySpec(
        features, List.of("joints"), List.of("joints", "tool"), List.of(1), joints, 4, STEP_NANOS);
  }

  private static final List<Feature> FEATURES =
      List.of(
          new Feature("joints", new Source.JointPosition(), JOINTS, "mixed"),
          new Feature("tool", new Source.ToolPosition(), 3, "m"),
          new Feature("cube", new Source.ObjectPosition("red_cube"), 3, "m"),
          new Feature("bin", new Source.ObjectPosition("left_bin"), 3, "m"));

  private static final PolicySpec SPEC = spec(FEATURES, ROBOT.jointNames());

  /** Is told where to bring tool and fingers, and misses that by as much every time. */
  private static final class Missing implements Policy {
    private final InverseKinematics inverse = new InverseKinematics(ROBOT, 2);
    private final PolicySpec spec;
    private final double[] beside;
    private final double[] goal = {0.45, 0, 0.2};
    private double opening = FINGER_MAX;
    private float[] sees = new float[0];
    private double[] committed = new double[0];

    Missing(PolicySpec spec, double... beside) {
      this.spec = spec;
      this.beside = beside;
    }

    @Override
    public PolicySpec spec() {
      return spec;
    }

    @Override
    public void reset() {}

    @Override
    public int prefixSteps() {
      return 1;
    }

    @Override
    public void commit(double[] actions, int steps) {
      committed = actions.clone();
    }

    @Override
    public void plan(Observation observation, Plan plan) {
      sees = observation.values().clone();
      double[] q = new double[JOINTS];
      for (int joint = 0; joint < JOINTS; joint++) {
        q[joint] = sees[joint];
      }
      boolean shuts = opening == 0; // where the hand is
      double x = shuts ? sees[TOOL] : goal[0] + beside[0];
      double y = shuts ? sees[TOOL + 1] : goal[1] + beside[1];
      inverse.solve(q, x, y, goal[2], 0, 60);
      q[FINGER] = opening;
      for (int i = 0; i < plan.actions().length; i++) {
        plan.actions()[i] = q[i % JOINTS];
      }
      for (int joint = 0; joint < JOINTS; joint++) {
        plan.imagined()[joint] = (float) q[joint];
      }
      plan.imagined()[TOOL] = (float) x;
      plan.imagined()[TOOL + 1] = (float) y;
      plan.imagined()[TOOL + 2] = (float) goal[2];
      plan.imagines(true);
    }
  }

  private final SerialChain chain = new SerialChain(ROBOT);
  private final Observation observation = new Observation(SPEC);
  private final Plan plan = new Plan(SPEC);
  private Missing inner = new Missing(SPEC, 0.02, -0.015);
  private RegraspingPolicy policy = new RegraspingPolicy(inner, ROBOT);
  private long now;

  RegraspingPolicyTest() {
    double[] home = {0, 0.2, 0, -2, 0, 2.2, 0.8, FINGER_MAX};
    for (int joint = 0; joint < JOINTS; joint++) {
      observation.values()[joint] = (float) home[joint];
    }
    put(CUBE, CUBE_AT);
    put(BIN, 0.46, -0.3, 0);
    lookAtTool();
  }

  private void put(int at, double... place) {
    for (int i = 0; i < 3; i++) {
      observation.values()[at + i] = (float) place[i];
    }
  }

  private void lookAtTool() {
    double[] q = new double[JOINTS];
    for (int joint = 0; joint < JOINTS; joint++) {
      q[joint] = observation.values()[joint];
    }
    double[] point = new double[3];
    chain.toolPosition(q, point);
    put(TOOL, point);
  }

  /** Has the policy bring tool and fingers somewhere; the arm is there at once. */
  private void go(double x, double y, double z, double opening) {
    inner.goal[0] = x;
    inner.goal[1] = y;
    inner.goal[2] = z;
    inner.opening = opening;
    for (int step = 0; step < 3; step++) {
      observation.at(now, now);
      plan.clear();
      policy.plan(observation, plan);
      for (int joint = 0; joint < JOINTS; joint++) {
        observation.values()[joint] = (float) plan.actions()[joint];
      }
      lookAtTool();
      now += STEP_NANOS;
    }
  }

  /** Closes at the cube, and opens again above it; how far the tool was beside it, x y, m. */
  private double[] grasp() {
    float[] cube = Arrays.copyOfRange(observation.values(), CUBE, CUBE + 3);
    go(cube[0], cube[1], 0.12, FINGER_MAX);
    go(cube[0], cube[1], 0.02, FINGER_MAX);
    double[] beside = {
      observation.values()[TOOL] - cube[0], observation.values()[TOOL + 1] - cube[1]
    };
    go(cube[0], cube[1], 0.02, 0);
    go(cube[0], cube[1], 0.12, 0);
    go(cube[0], cube[1], 0.12, FINGER_MAX);
    return beside;
  }

  @Test
  void theSecondGraspIsMovedByAsMuchAsTheFirstMissed() {
    assertArrayEquals(new double[] {0.02, -0.015}, grasp(), 1e-3);
    assertArrayEquals(new double[] {0, 0}, grasp(), 1e-3);
    assertArrayEquals(new double[] {0, 0}, grasp(), 1e-3, "and so is the third");
  }

  @Test
  void thePolicySeesTheArmWhereItWouldBeAndItsFramesAreMovedBack() {
    grasp();
    go(0.5, 0.1, 0.12, FINGER_MAX);
    float[] is = observation.values();
    assertEquals(0.02, inner.sees[TOOL] - is[TOOL], 1e-3);
    assertEquals(-0.015, inner.sees[TOOL + 1] - is[TOOL + 1], 1e-3);
    assertEquals(is[TOOL + 2], inner.sees[TOOL + 2], 1e-3);
    assertArrayEquals(
        Arrays.copyOfRange(is, CUBE, CUBE + 3), Arrays.copyOfRange(inner.sees, CUBE, CUBE + 3));
    double[] seen = new double[JOINTS];
    for (int joint = 0; joint < JOINTS; joint++) {
      seen[joint] = inner.sees[joint];
    }
    double[] point = new double[3];
    chain.toolPosition(seen, point);
    assertEquals(inner.sees[TOOL], point[0], 1e-3, "joints and tool agree");
    assertEquals(is[TOOL], plan.imagined()[TOOL], 1e-3);
    for (int joint = 0; joint < JOINTS; joint++) {
      assertEquals(is[joint], plan.imagined()[joint], 1e-4);
    }
    double[] executed = Arrays.copyOf(plan.actions(), JOINTS);
    policy.commit(executed, 1);
    policy.plan(observation, plan);
    chain.toolPosition(inner.committed, point);
    assertEquals(is[TOOL] + 0.02, point[0], 1e-3);
  }

  @Test
  void whatIsExecutedIsToldAsThePlanAfterItSeesTheArm() {
    grasp();
    go(0.5, 0.1, 0.02, FINGER_MAX);
    double[] executed = Arrays.copyOf(plan.actions(), JOINTS);
    policy.commit(executed, 1);
    observation.values()[FINGER] = 0; // they shut before the next plan, which sees what is
    policy.plan(observation, plan);
    assertArrayEquals(executed, inner.committed);
  }

  @Test
  void whileTheFingersAreShutThePolicySeesWhatIs() {
    grasp();
    go(0.5, 0.1, 0.02, FINGER_MAX);
    go(0.5, 0.1, 0.02, 0);
    assertArrayEquals(
        new float[] {inner.sees[TOOL], inner.sees[TOOL + 1]},
        new float[] {observation.values()[TOOL], observation.values()[TOOL + 1]},
        1e-3f);
  }

  @Test
  void onceTheObjectHasMovedTheArmDoesAsThePolicySays() {
    grasp();
    put(CUBE, 0.5, 0.13, 0.02);
    assertArrayEquals(new double[] {0.02, -0.015}, grasp(), 1e-3);
  }

  @Test
  void anotherEpisodeBeginsWithoutIt() {
    grasp();
    policy.reset();
    assertArrayEquals(new double[] {0.02, -0.015}, grasp(), 1e-3);
  }

  @Test
  void whatIsCarriedOffAndLetGoOfWasNotMissedNorIsTheHandThatShutsBesideItAfterwards() {
    go(0.5, 0.1, 0.02, FINGER_MAX);
    go(0.5, 0.1, 0.02, 0.5 * FINGER_MAX);
    put(CUBE, 0.46, -0.3, 0.05);
    go(0.46, -0.3, 0.06, 0.5 * FINGER_MAX);
    go(0.46, -0.3, 0.06, FINGER_MAX);
    go(0.46, -0.3, 0.1, 0);
    go(0.46, -0.3, 0.1, FINGER_MAX);
    assertEquals(0.48, observation.values()[TOOL], 1e-3);
    assertEquals(-0.315, observation.values()[TOOL + 1], 1e-3);
  }

  @Test
  void fingersThatShutFarFromEverythingMissedNothing() {
    go(0.3, -0.1, 0.3, 0);
    go(0.3, -0.1, 0.3, FINGER_MAX);
    assertArrayEquals(new double[] {0.02, -0.015}, grasp(), 1e-3);
  }

  @Test
  void noArmIsMovedByMoreThanSixCentimetres() {
    inner = new Missing(SPEC, 0.05, 0);
    policy = new RegraspingPolicy(inner, ROBOT);
    List<Double> beside = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      beside.add(grasp()[0]);
      inner.beside[0] += 0.05; // worse each time
    }
    assertEquals(0.05, beside.get(0), 1e-3);
    assertEquals(0.05, beside.get(1), 1e-3);
    assertEquals(0.15 - 0.06, beside.get(2), 1e-3);
  }

  @Test
  void aPolicyThatDoesNotSeeWhatItTakesIsRefusedInWords() {
    List<Feature> blind = FEATURES.subList(0, 2);
    Policy without = new Missing(spec(blind, ROBOT.jointNames()), 0, 0);
    IllegalArgumentException fault =
        assertThrows(IllegalArgumentException.class, () -> new RegraspingPolicy(without, ROBOT));
    assertTrue(String.valueOf(fault.getMessage()).startsWith("regrasp: wanted"), fault::toString);
  }
}
