package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.policy.Maneuver.Excitation;
import dev.forearm.runtime.policy.Maneuver.Journey;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManeuverPolicyTest {
  private static final int PLANS_MAX = 1000;

  private final Robot robot = TabletopRobot.read();
  private final ManeuverPolicy policy = new ManeuverPolicy(robot);
  private final Observation observation = new Observation(policy.spec());
  private final Plan plan = new Plan(policy.spec());
  private final double period = robot.policyPeriodNanos() * 1e-9;
  private final int joints = robot.jointCount();

  @Test
  void unaskedTheArmStaysWhereItIs() {
    for (int j = 0; j < joints; j++) {
      observation.values()[j] = 0.01f * j;
    }
    assertTrue(policy.through());
    for (double[] action : played(3)) {
      for (int j = 0; j < joints; j++) {
        assertEquals(0.01f * j, action[j]);
      }
    }
  }

  @Test
  void aJourneyEndsAtRestWhereItWasSentAndIsSlow() {
    double[] target = new double[joints];
    for (int j = 0; j < joints; j++) {
      target[j] = robot.joints().get(j).positionMiddle() + 0.01 * j;
    }
    policy.begin(Journey.slow(robot, target));
    assertFalse(policy.through());
    List<double[]> actions = played(PLANS_MAX);
    assertTrue(policy.through());
    double[] last = actions.getLast();
    for (int j = 0; j < joints; j++) {
      assertEquals(target[j], last[j], 1e-9);
      double most = 0.1 * robot.joints().get(j).velocityMax();
      for (int i = 1; i < actions.size(); i++) {
        assertTrue(Math.abs(actions.get(i)[j] - actions.get(i - 1)[j]) <= most * period + 1e-9);
      }
    }
  }

  @Test
  void aMotionThatNobodyKeepsGoingEndsWhereTheArmIs() {
    double[] target = new double[joints];
    for (int j = 0; j < joints; j++) {
      target[j] = robot.joints().get(j).positionMiddle();
    }
    policy.begin(Journey.slow(robot, target), 100);
    observation.at(100, 100);
    double[] before = played(4).getFirst();
    assertFalse(policy.through());
    policy.keepGoing(200);
    observation.at(200, 200);
    double[] kept = played(4).getFirst();
    assertTrue(kept[3] < before[3], "on its way");
    assertFalse(policy.through());
    observation.at(201, 201);
    observation.values()[3] = -0.25f;
    assertEquals(-0.25f, played(4).getFirst()[3]);
    assertTrue(policy.through());
    policy.keepGoing(1000);
    assertEquals(-0.25f, played(4).getFirst()[3], "it does not go on by itself");
  }

  @Test
  void anExcitationStaysNearWhereItBeganAndReturnsThere() {
    double turnMax = Math.toRadians(8);
    double[] start = new double[joints];
    for (int j = 0; j < joints; j++) {
      Joint joint = robot.joints().get(j);
      start[j] = j % 2 == 0 ? joint.positionMin() : joint.positionMax();
      observation.values()[j] = (float) start[j];
    }
    policy.begin(Excitation.gentle(robot, start, turnMax));
    List<double[]> actions = played(PLANS_MAX);
    assertTrue(policy.through());
    for (int j = 0; j < joints; j++) {
      int joint = j;
      double most = 0.25 * robot.joints().get(j).velocityMax();
      double travelled = 0;
      for (int i = 1; i < actions.size(); i++) {
        double way = Math.abs(actions.get(i)[j] - start[j]);
        travelled = Math.max(travelled, way);
        assertTrue(way <= turnMax + 1e-6);
        double speed = Math.abs(actions.get(i)[j] - actions.get(i - 1)[j]) / period;
        assertTrue(speed <= 1.2 * most, () -> "joint %s at %s".formatted(joint, speed));
      }
      assertTrue(travelled > 0.5 * Math.min(turnMax, 0.06 * 0.04), "joint " + j);
      assertEquals(start[j], actions.getLast()[j], 1e-6);
    }
  }

  /** The first action of each plan until it is through, then one more. */
  private List<double[]> played(int most) {
    List<double[]> actions = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      policy.plan(observation, plan);
      double[] first = new double[joints];
      System.arraycopy(plan.actions(), 0, first, 0, joints);
      actions.add(first);
      if (policy.through() && i > 2) {
        break;
      }
    }
    policy.plan(observation, plan);
    double[] end = new double[joints];
    System.arraycopy(plan.actions(), 0, end, 0, joints);
    actions.add(end);
    return actions;
  }
}
