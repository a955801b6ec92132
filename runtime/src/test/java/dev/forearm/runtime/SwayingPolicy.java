package dev.forearm.runtime;

import dev.forearm.runtime.FaultPlan.Fault;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import java.util.List;

/** Sways every joint about the ready posture, imagines exactly that, and fails as planned. */
public final class SwayingPolicy implements Policy {
  private static final double[] READY = {
    0, -Math.PI / 4, 0, -3 * Math.PI / 4, 0, Math.PI / 2, Math.PI / 4, 0.02
  };

  private final PolicySpec spec;
  private final FaultPlan faults;
  private final double amplitude;
  private final int frameWidth;
  private final int cube;

  public SwayingPolicy(Robot robot, double amplitude, FaultPlan faults) {
    this.spec = specFor(robot);
    this.amplitude = amplitude;
    frameWidth = spec.frameWidth();
    cube = spec.offsetOf("red_cube");
    this.faults = faults;
  }

  /** The ready posture, the caller's own copy. */
  public static double[] ready() {
    return READY.clone();
  }

  public static PolicySpec specFor(Robot robot) {
    return new PolicySpec(
        List.of(
            new Feature("joints", new Source.JointPosition(), 8, "mixed"),
            new Feature("joint_speed", new Source.JointVelocity(), 8, "mixed"),
            new Feature("tool", new Source.ToolPosition(), 3, "m"),
            new Feature("tool_turn", new Source.ToolRotation(), 6, "1"),
            new Feature("red_cube", new Source.ObjectPosition("red_cube"), 3, "m")),
        List.of("joints", "tool"),
        List.of("joints", "red_cube"),
        List.of(4, 8, 12, 16),
        robot.jointNames(),
        16,
        robot.policyPeriodNanos());
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {}

  @Override
  public void plan(Observation observation, Plan plan) {
    long now = observation.stampNanos();
    if (faults.strikes(Fault.POLICY_THROWS, now)) {
      throw new IllegalStateException("as planned");
    }
    double[] actions = plan.actions();
    for (int i = 0; i < actions.length; i++) {
      actions[i] = position(i % 8, now + (i / 8 + 1) * spec.periodNanos());
    }
    if (faults.strikes(Fault.ACTOR_SAYS_NAN, now)) {
      actions[5 * 8 + 2] = Double.NaN;
    }
    if (faults.strikes(Fault.ACTOR_RUNS_WILD, now)) {
      actions[9 * 8 + 3] = 40;
    }
    imagine(observation, plan, now);
  }

  public double position(int joint, long nanos) {
    double scale = joint == 7 ? 0.015 : amplitude;
    return READY[joint] + scale * Math.sin(2 * Math.PI * 0.4 * nanos * 1e-9 + joint);
  }

  private void imagine(Observation observation, Plan plan, long now) {
    for (int frame = 0; frame < spec.frameSteps().size(); frame++) {
      long then = now + spec.frameSteps().get(frame) * spec.periodNanos();
      for (int j = 0; j < 8; j++) {
        plan.imagined()[frame * frameWidth + j] = (float) position(j, then);
      }
      System.arraycopy(observation.values(), cube, plan.imagined(), frame * frameWidth + 8, 3);
    }
    plan.imagines(true);
  }
}
