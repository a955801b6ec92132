package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.ImageSlot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Arrays;

/**
 * Plays the loops through in lockstep, on an arm that exists nowhere, until the virtual machine has
 * compiled them. Done before the real threads start, so that the first cycles of a real arm are as
 * short and as free of allocation as all later ones.
 */
public final class Rehearsal {
  private static final long SIMULATED_NANOS = 60_000_000_000L;
  private static final double[] SOMEWHERE = {0, 0, 0, 1, 0, 0, 0};

  private Rehearsal() {}

  /** Rehearses a small policy on this robot; a fraction of a second of one processor. */
  public static void of(Robot robot) {
    PolicySpec small = new NoddingPolicy(robot).spec();
    of(robot, small, RuntimeTap.NONE, (positions, stampNanos) -> {}, () -> {}, () -> {});
  }

  /**
   * Rehearses what looks on and what takes the commands as well.
   *
   * @param spec of the policy that is going to drive: its widths, with invented values
   * @param tap one of the class that will look on, and of its own: what it shows nobody should see
   * @param sink takes commands as the real one will, best one of the same class, and moves nothing
   * @param commands carries them away
   * @param afterCycle called after each simulated control cycle, to empty what the tap fills
   */
  public static void of(
      Robot robot,
      PolicySpec spec,
      RuntimeTap tap,
      CommandSink sink,
      Runnable commands,
      Runnable afterCycle) {
    SimulatedClock clock = new SimulatedClock();
    RobotSignals signals = new RobotSignals(robot, spec.observation());
    float[] scale = new float[spec.frameWidth()];
    Arrays.fill(scale, 1);
    InstalledPolicy nodding =
        new InstalledPolicy("rehearsal", "", new NoddingPolicy(robot, spec), scale, robot, signals);
    PolicyLoop policy = new PolicyLoop(nodding, robot, tap, clock);
    double[] jointState = new double[2 * robot.jointCount()];
    for (int j = 0; j < robot.jointCount(); j++) {
      jointState[j] = robot.joints().get(j).positionMiddle();
    }
    ControlLoop control = new ControlLoop(robot, signals, policy.chunks(), sink, tap);
    Physics motionless =
        now -> {
          signals.jointState().write(jointState, 0, now, now);
          signals.objects().forEach(object -> object.write(SOMEWHERE, 0, now, now));
          signals.images().values().forEach(image -> show(image, now));
          afterCycle.run();
        };
    long step = robot.controlPeriodNanos();
    Lockstep lockstep = new Lockstep(clock, robot, motionless, policy, control, commands, step, 0);
    control.engage();
    lockstep.runUntil(() -> false, SIMULATED_NANOS / 2);
    control.disengage();
    control.engage();
    lockstep.runUntil(() -> false, SIMULATED_NANOS / 2);
  }

  private static void show(ImageSlot image, long now) {
    image.back().stamp(now, now);
    image.publish();
  }
}
