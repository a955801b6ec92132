package dev.forearm.bench;

import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.control.ControlSnapshot;
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
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The product's control loop around an arm that is at once where it is commanded to be, following
 * chunks that sway every joint about the middle of its range. Owned by the thread that cycles it.
 */
final class LoopRig {
  private static final double SWAY_HZ = 0.2;
  private static final double SWAY_OF_RANGE = 0.02;

  private final Robot robot;
  private final RobotSignals signals;
  private final PolicyLoop policy;
  private final ControlLoop control;
  private final double[] jointState;
  private long plannedNanos = Long.MIN_VALUE;

  LoopRig(Robot robot) {
    this.robot = robot;
    signals = new RobotSignals(robot);
    jointState = new double[2 * robot.jointCount()];
    for (int j = 0; j < robot.jointCount(); j++) {
      jointState[j] = middle(robot.joints().get(j));
    }
    Sway sway = new Sway(robot);
    float[] scale = new float[sway.spec().frameWidth()];
    Arrays.fill(scale, 1);
    ForesightGate gate = new ForesightGate(sway.spec(), scale, Optional.empty());
    policy = new PolicyLoop(sway, robot, signals, gate, RuntimeTap.NONE, new MonotonicClock());
    control =
        new ControlLoop(
            robot,
            signals,
            policy.chunks(),
            (positions, _) -> System.arraycopy(positions, 0, jointState, 0, positions.length),
            RuntimeTap.NONE);
    control.engage();
  }

  /** One control cycle, and a policy step when one is due. */
  void cycle(long now) {
    signals.jointState().write(jointState, 0, now, now);
    if (plannedNanos == Long.MIN_VALUE || now - plannedNanos >= robot.policyPeriodNanos()) {
      policy.step(now);
      plannedNanos = now;
    }
    control.tick(now);
  }

  /**
   * Refuses to go on if what was measured was not a running arm.
   *
   * @throws IllegalStateException with the state it was in
   */
  void wantRunning() {
    ControlSnapshot last = control.board().snapshot();
    if (last.state() != SafetyState.RUN) {
      throw new IllegalStateException("the measured loop was not running: " + last);
    }
  }

  private static double middle(Joint joint) {
    return (joint.positionMin() + joint.positionMax()) / 2;
  }

  private static final class Sway implements Policy {
    private final Robot robot;
    private final PolicySpec spec;

    Sway(Robot robot) {
      this.robot = robot;
      List<String> joints = List.of("joints");
      Feature measured = new Feature("joints", "joint_position", robot.jointCount(), "mixed");
      spec =
          new PolicySpec(
              List.of(measured),
              joints,
              joints,
              List.of(16),
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
      double[] actions = plan.actions();
      int joints = robot.jointCount();
      for (int step = 0; step < spec.chunkSteps(); step++) {
        long due = observation.stampNanos() + (step + 1) * spec.periodNanos();
        double sway = Math.sin(2 * Math.PI * SWAY_HZ * due * 1e-9);
        for (int j = 0; j < joints; j++) {
          Joint joint = robot.joints().get(j);
          double range = joint.positionMax() - joint.positionMin();
          actions[step * joints + j] = middle(joint) + SWAY_OF_RANGE * range * sway;
        }
      }
    }
  }
}
