package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.ForesightGate;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Optional;

/**
 * Plays the loops through in lockstep, on an arm that exists nowhere, until the virtual machine has
 * compiled them. Done before the real threads start, so that the first cycles of a real arm are as
 * short and as free of allocation as all later ones.
 */
public final class Rehearsal {
  private static final long SIMULATED_NANOS = 60_000_000_000L;

  private Rehearsal() {}

  /** Rehearses with the shape of this robot; a fraction of a second of one processor. */
  public static void of(Robot robot) {
    of(robot, RuntimeTap.NONE, (positions, stampNanos) -> {}, () -> {});
  }

  /**
   * Rehearses what looks on and what takes the commands as well.
   *
   * @param tap sees the rehearsal as it will see the robot; it must not mind an observation of
   *     another width
   * @param sink takes commands as the real one will, best one of the same class, and moves nothing
   * @param afterCycle called after each simulated control cycle, to empty what the tap fills
   */
  public static void of(Robot robot, RuntimeTap tap, CommandSink sink, Runnable afterCycle) {
    SimulatedClock clock = new SimulatedClock();
    RobotSignals signals = new RobotSignals(robot);
    Policy nodding = new NoddingPolicy(robot);
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
      jointState[j] = robot.joints().get(j).positionMiddle();
    }
    ControlLoop control = new ControlLoop(robot, signals, policy.chunks(), sink, tap);
    Physics motionless =
        now -> {
          signals.jointState().write(jointState, 0, now, now);
          afterCycle.run();
        };
    long step = robot.controlPeriodNanos();
    Lockstep lockstep = new Lockstep(clock, robot, motionless, policy, control, step, 0);
    control.engage();
    lockstep.runUntil(() -> false, SIMULATED_NANOS / 2);
    control.disengage();
    control.engage();
    lockstep.runUntil(() -> false, SIMULATED_NANOS / 2);
  }
}
