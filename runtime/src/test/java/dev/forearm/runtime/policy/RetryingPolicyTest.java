package dev.forearm.runtime.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetryingPolicyTest {
  private static final Robot ROBOT = TabletopRobot.read();
  private static final int JOINTS = ROBOT.jointCount();
  private static final int FINGER = JOINTS - 1;
  private static final long STEP_NANOS = 50_000_000;

  private static final PolicySpec SPEC =
      new PolicySpec(
          List.of(
              new Feature("joints", new Source.JointPosition(), JOINTS, "mixed"),
              new Feature("cube", new Source.ObjectPosition("red_cube"), 3, "m")),
          List.of("joints"),
          List.of("joints"),
          List.of(1),
          ROBOT.jointNames(),
          16,
          STEP_NANOS);

  /** Wants the fingers shut wherever the arm is. */
  private record Shutting(PolicySpec spec) implements Policy {

    @Override
    public void reset() {}

    @Override
    public void plan(Observation observation, Plan plan) {
      for (int i = 0; i < plan.actions().length; i++) {
        int joint = i % JOINTS;
        plan.actions()[i] = joint == FINGER ? 0 : observation.values()[joint];
      }
      plan.driver(new Driver.Learned("abc"));
    }
  }

  private final RetryingPolicy policy =
      new RetryingPolicy(new Shutting(SPEC), ROBOT, new Retry(1, 0.015, 0.15, 0.5, 1));
  private final Observation observation = new Observation(SPEC);
  private final Plan plan = new Plan(SPEC);
  private long now;

  /** Plans and has the arm do the plan's first action; who made it. */
  private Driver step() {
    observation.at(now, now);
    plan.clear();
    policy.plan(observation, plan);
    policy.confine(plan.actions());
    for (int joint = 0; joint < JOINTS; joint++) {
      observation.values()[joint] = (float) plan.actions()[joint];
    }
    now += STEP_NANOS;
    return plan.driver();
  }

  private List<Driver> steps(double seconds) {
    List<Driver> drivers = new ArrayList<>();
    for (double left = seconds; left > 1e-9; left -= STEP_NANOS * 1e-9) {
      drivers.add(step());
    }
    return drivers;
  }

  private static boolean recovers(Driver driver) {
    return driver instanceof Driver.Recovery;
  }

  @Test
  void whereNothingMovesTheFingersOpenAndThePolicyTriesAgain() {
    assertTrue(steps(1.0).stream().noneMatch(RetryingPolicyTest::recovers));
    steps(0.05);
    List<Driver> opening = steps(0.45);
    assertTrue(opening.stream().allMatch(RetryingPolicyTest::recovers), opening::toString);
    assertTrue(observation.values()[FINGER] > 0.01, "the fingers opened");
    assertFalse(plan.imagines());
    steps(0.1);
    assertInstanceOf(Driver.Learned.class, step());
  }

  @Test
  void theSecondWayOutLeadsHome() {
    policy.reset();
    step();
    float home = observation.values()[0];
    steps(1.0); // until the first way out
    steps(0.5);
    observation.values()[0] = home + 0.3f;
    assertTrue(steps(1.5).stream().noneMatch(RetryingPolicyTest::recovers), "twice as patient");
    List<Driver> again = steps(3);
    assertTrue(again.stream().filter(RetryingPolicyTest::recovers).count() >= 28);
    assertEquals(home, observation.values()[0], 1e-3);
  }

  @Test
  void anObjectThatMovesBuysTime() {
    for (int i = 0; i < 60; i++) {
      observation.values()[JOINTS] += 0.001f;
      assertFalse(recovers(step()));
    }
  }

  @Test
  void anArmOnALongWayIsNotDisturbed() {
    for (int i = 0; i < 60; i++) {
      observation.values()[0] += 0.01f; // 0.2 rad/s
      assertFalse(recovers(step()));
    }
  }

  @Test
  void aPolicyThatDoesNotSeeItsJointsIsRefused() {
    PolicySpec blind =
        new PolicySpec(
            List.of(SPEC.observation().getLast()),
            List.of("cube"),
            List.of("cube"),
            List.of(1),
            ROBOT.jointNames(),
            16,
            STEP_NANOS);
    Policy inner = new Shutting(blind);
    IllegalArgumentException fault =
        assertThrows(
            IllegalArgumentException.class, () -> new RetryingPolicy(inner, ROBOT, Retry.after(1)));
    assertTrue(
        String.valueOf(fault.getMessage()).endsWith("found observation [cube]"), fault::toString);
  }
}
