package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.List;

/**
 * Moves every joint a little about its middle, and imagines zeros if it is to imagine at all: for
 * arms that exist nowhere, in rehearsals and benchmarks. Called by one thread; allocates nothing
 * per plan.
 */
public final class NoddingPolicy implements Policy {
  private static final double SHARE_OF_RANGE = 0.05;
  private static final int CHUNK_STEPS = 16;

  private final Robot robot;
  private final PolicySpec spec;

  /** Observes and imagines what {@code spec} says. */
  public NoddingPolicy(Robot robot, PolicySpec spec) {
    this.robot = robot;
    this.spec = spec;
  }

  /** Observes the joints and the tool, and imagines nothing. */
  public NoddingPolicy(Robot robot) {
    this(
        robot,
        new PolicySpec(
            List.of(
                new Feature("joints", new Source.JointPosition(), robot.jointCount(), "mixed"),
                new Feature("tool", new Source.ToolPosition(), 3, "m"),
                new Feature("turn", new Source.ToolRotation(), 6, "1")),
            List.of("joints"),
            List.of(),
            List.of(),
            robot.jointNames(),
            CHUNK_STEPS,
            robot.policyPeriodNanos()));
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {}

  @Override
  public void plan(Observation observation, Plan plan) {
    plan.imagines(plan.imagined().length > 0);
    double[] actions = plan.actions();
    int joints = robot.jointCount();
    for (int i = 0; i < actions.length; i++) {
      long then = observation.stampNanos() + (i / joints + 1) * spec.periodNanos();
      Joint joint = robot.joints().get(i % joints);
      double range = joint.positionMax() - joint.positionMin();
      actions[i] = joint.positionMiddle() + SHARE_OF_RANGE * range * Math.sin(then * 1e-9);
    }
  }
}
