package dev.forearm.bench;

import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.NoddingPolicy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;

/**
 * The product's control loop around an arm that is at once where it is commanded to be, following
 * chunks that nod every joint about the middle of its range. Owned by the thread that cycles it.
 */
final class LoopRig {
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
      jointState[j] = robot.joints().get(j).positionMiddle();
    }
    NoddingPolicy nodding = new NoddingPolicy(robot);
    InstalledPolicy installed =
        new InstalledPolicy("nodding", "", nodding, new float[0], robot, signals);
    policy = new PolicyLoop(installed, robot, RuntimeTap.NONE, new MonotonicClock());
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
}
