package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.ForesightGate;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.List;
import java.util.Optional;

/**
 * Plays the loops through in lockstep, on an arm that exists nowhere, until the virtual machine has
 * compiled them. Done before the real threads start, so that the first cycles of a real arm are as
 * short and as free of allocation as all later ones.
 */
public final class Rehearsal {
  private static final long SIMULATED_NANOS = 60_000_000_000L;
  private static final int CHUNK_STEPS = 16;

  private Rehearsal() {}

  /** Rehearses with the shape of this robot; a fraction of a second of one processor. */
  public static void of(Robot robot) {
    of(robot, RuntimeTap.NONE, () -> {});
  }

  /**
   * Rehearses what looks on as well.
   *
   * @param tap sees the rehearsal as it will see the robot; it must not mind an observation of
   *     another width
   * @param afterCycle called after each simulated control cycle, to empty what the tap fills
   */
  public static void of(Robot robot, RuntimeTap tap, Runnable afterCycle) {
    SimulatedClock clock = new SimulatedClock();
    RobotSignals signals = new RobotSignals(robot);
    Policy nodding = new Nodding(robot);
    PolicyLoop policy =
        new PolicyLoop(
            nodding,
            robot,
            signals,
            new ForesightGate(nodding.spec(), new float[0], Optional.empty()),
            tap,
            clock);
    double[] jointState = new double[2 * robot.jointCount()];
    for (int j = 0; j < robot.jointCount(); j++) {
      jointState[j] = middle(robot.joints().get(j));
    }
    ControlLoop control =
        new ControlLoop(
            robot,
            signals,
            policy.chunks(),
            (positions, _) -> System.arraycopy(positions, 0, jointState, 0, positions.length),
            tap);
    Physics obedient =
        now -> {
          signals.jointState().write(jointState, 0, now, now);
          afterCycle.run();
        };
    long step = robot.controlPeriodNanos();
    Lockstep lockstep = new Lockstep(clock, robot, obedient, policy, control, step, 0);
    control.engage();
    lockstep.runUntil(() -> false, SIMULATED_NANOS / 2);
    control.disengage();
    control.engage();
    lockstep.runUntil(() -> false, SIMULATED_NANOS / 2);
  }

  private static double middle(Joint joint) {
    return 0.5 * (joint.positionMin() + joint.positionMax());
  }

  /** Moves every joint a little about its middle. */
  private static final class Nodding implements Policy {
    private static final double SHARE_OF_RANGE = 0.05;

    private final Robot robot;
    private final PolicySpec spec;

    Nodding(Robot robot) {
      this.robot = robot;
      int n = robot.jointCount();
      spec =
          new PolicySpec(
              List.of(
                  new Feature("joints", "joint_position", n, "mixed"),
                  new Feature("tool", "tool_position", 3, "m"),
                  new Feature("turn", "tool_rotation", 6, "1")),
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
    public void plan(Observation observation, Plan plan) {
      double[] actions = plan.actions();
      int n = robot.jointCount();
      for (int i = 0; i < actions.length; i++) {
        long then = observation.stampNanos() + (i / n + 1) * spec.periodNanos();
        Joint joint = robot.joints().get(i % n);
        double range = joint.positionMax() - joint.positionMin();
        actions[i] = middle(joint) + SHARE_OF_RANGE * range * Math.sin(then * 1e-9);
      }
    }
  }
}
