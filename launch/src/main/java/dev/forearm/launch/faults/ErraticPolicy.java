package dev.forearm.launch.faults;

import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sways the joints about where they started, and errs as planned; after that, those that take goals
 * rest where none has sent them. One thread's.
 */
final class ErraticPolicy implements Policy {
  private static final int CHUNK_STEPS = 16;
  private static final double SWAY = 0.3; // of a joint's range at most
  private static final double REST = 0.9; // of the range, beyond the sway

  private final Robot robot;
  private final FaultPlan plan;
  private final double[] centre;
  private final PolicySpec spec;
  private final SplittableRandom random;
  private final double amplitude;
  private final double pulse; // rad/s
  private final boolean[] takesGoals; // each joint

  /**
   * @param number tells policies of one episode apart
   */
  ErraticPolicy(Robot robot, FaultPlan plan, double[] centre, int number) {
    this.robot = robot;
    this.plan = plan;
    this.centre = centre;
    random = new SplittableRandom(plan.seed() + 10 + number);
    amplitude = 0.3 * random.nextDouble();
    pulse = 1 + 9 * random.nextDouble();
    takesGoals = new boolean[robot.jointCount()];
    robot.groups().stream()
        .filter(group -> group.command() instanceof CommandRoute.Goals)
        .flatMapToInt(group -> Arrays.stream(robot.places(group)))
        .forEach(joint -> takesGoals[joint] = true);
    List<Feature> seen = new ArrayList<>();
    seen.add(new Feature("joints", new Source.JointPosition(), robot.jointCount(), "mixed"));
    if (!robot.objects().isEmpty()) {
      String object = robot.objects().getFirst();
      seen.add(new Feature(object, new Source.ObjectPosition(object), 3, "m"));
    }
    spec =
        new PolicySpec(
            seen,
            List.of("joints"),
            List.of(),
            List.of(),
            robot.jointNames(),
            CHUNK_STEPS,
            robot.policyPeriodNanos());
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {}

  @Override
  public void plan(Observation observation, Plan into) {
    long now = observation.stampNanos();
    if (plan.strikes(FaultKind.POLICY_THROWS, now)) {
      throw new IllegalStateException("as planned");
    }
    boolean wild = plan.strikes(FaultKind.WILD_ACTIONS, now);
    double[] actions = into.actions();
    int joints = robot.jointCount();
    for (int i = 0; i < actions.length; i++) {
      Joint joint = robot.joints().get(i % joints);
      double range = joint.positionMax() - joint.positionMin();
      long then = now + (i / joints + 1) * spec.periodNanos();
      double scale = Math.min(amplitude, SWAY * range);
      if (wild) {
        actions[i] = joint.positionMin() + (1.4 * random.nextDouble() - 0.2) * range;
      } else if (takesGoals[i % joints] && then >= plan.calmNanos()) {
        actions[i] = joint.positionMin() + REST * range;
      } else {
        actions[i] = centre[i % joints] + scale * Math.sin(pulse * then * 1e-9 + i % joints);
      }
    }
    plan.striking(FaultKind.NONSENSE_ACTIONS, now)
        .ifPresent(strike ->
            actions[random.nextInt(actions.length)] =
                strike.strength() < 0.5 ? Double.NaN : 1e6 * (strike.strength() - 0.7));
  }
}
