package dev.forearm.runtime.lockstep;

import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.agent.StringConstants;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.ImageSlot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalSlot;
import dev.forearm.runtime.signal.TakeoverSignal;
import java.util.Arrays;
import java.util.List;

/**
 * Plays the loops through in lockstep, on an arm that exists nowhere, until the virtual machine has
 * compiled them, with all that can go wrong in between. Done before the real threads start, so that
 * the first cycles of a real arm, and the first after a mishap, are as short and as free of
 * allocation as all later ones.
 */
public final class Rehearsal {
  private static final int ROUNDS = 6;
  private static final long SCENE_NANOS = 2_000_000_000L;
  private static final int LATE_CYCLES = 20;
  private static final double[] SOMEWHERE = {0, 0, 0, 1, 0, 0, 0};

  private final Robot robot;
  private final SimulatedClock clock = new SimulatedClock();
  private final RobotSignals signals;
  private final ControlLoop control;
  private final Runnable commands;
  private final Runnable afterCycle;
  private final Lockstep lockstep;
  private final double[] jointState;
  private long inferenceNanos;

  private Rehearsal(
      Robot robot,
      PolicySpec spec,
      RuntimeTap tap,
      CommandSink sink,
      Runnable commands,
      Runnable afterCycle) {
    this.robot = robot;
    this.commands = commands;
    this.afterCycle = afterCycle;
    signals = new RobotSignals(robot, spec.observation());
    float[] scale = new float[spec.frameWidth()];
    Arrays.fill(scale, 1);
    InstalledPolicy nodding =
        new InstalledPolicy("rehearsal", "", new NoddingPolicy(robot, spec), scale, robot, signals);
    PolicyLoop policy = new PolicyLoop(nodding, robot, tap, clock);
    jointState = new double[2 * robot.jointCount()];
    for (int j = 0; j < robot.jointCount(); j++) {
      jointState[j] = robot.joints().get(j).positionMiddle();
    }
    control = new ControlLoop(robot, signals, policy.chunks(), sink, tap);
    long step = robot.controlPeriodNanos();
    lockstep =
        new Lockstep(
            clock,
            robot,
            this::tellEverything,
            policy,
            control,
            commands,
            step,
            () -> inferenceNanos);
  }

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
    StringConstants.intern(List.of(PeriodicRunner.class, ControlLoop.class));
    new Rehearsal(robot, spec, tap, sink, commands, afterCycle).play();
  }

  private void play() {
    for (int round = 0; round < ROUNDS; round++) {
      inferenceNanos = round % 2 == 0 ? 0 : 2 * robot.policyPeriodNanos();
      engage();
      control.disengage();
      goOn();
      engage();
      endureOnly(() -> {});
      engage();
      endureOnly(this::tellJointState);
      engage();
      takeOver();
      engage();
      control.fail("rehearsal");
      goOn();
      reset();
      engage();
      control.eStop(true);
      goOn();
      control.eStop(false);
      reset();
      engage();
      comeLate();
    }
  }

  /** A person turns the tool and moves a joint, is silent, and gives the arm back. */
  private void takeOver() {
    SignalSlot takeover = signals.takeover().orElse(null);
    if (takeover == null) {
      return;
    }
    int joints = robot.jointCount();
    double[] asked = new double[takeover.width()];
    Arrays.fill(asked, 0, joints, Double.NaN);
    asked[joints - 1] = robot.joints().getLast().positionMiddle();
    Arrays.fill(asked, TakeoverSignal.twist(joints), TakeoverSignal.frame(joints), 0.02);
    for (double frame : new double[] {TakeoverSignal.BASE, TakeoverSignal.TOOL}) {
      asked[TakeoverSignal.frame(joints)] = frame;
      boolean _ =
          lockstep.runUntil(
              () -> {
                asked[TakeoverSignal.twistNanos(joints)] = clock.nanos();
                takeover.write(asked, 0, clock.nanos(), clock.nanos());
                return false;
              },
              SCENE_NANOS / 2);
    }
    goOn();
    control.release();
    goOn();
  }

  private void engage() {
    control.engage();
    goOn();
  }

  private void reset() {
    control.reset();
    lockstep.step();
  }

  private void goOn() {
    lockstep.runUntil(() -> false, SCENE_NANOS);
  }

  /** Cycles on what {@code told} still tells, without plans, until the arm has stopped. */
  private void endureOnly(Runnable told) {
    long end = clock.nanos() + robot.timeouts().rampDownNanos() + SCENE_NANOS;
    while (clock.nanos() < end) {
      clock.advance(robot.controlPeriodNanos());
      told.run();
      cycle();
    }
  }

  /** Cycles half a period and more apart, in whole periods altogether. */
  private void comeLate() {
    for (int halves = 1; halves <= LATE_CYCLES; halves++) {
      clock.advance(halves * robot.controlPeriodNanos() / 2);
      tellJointState();
      cycle();
    }
  }

  private void cycle() {
    control.tick(clock.nanos());
    commands.run();
    afterCycle.run();
  }

  private void tellEverything(long now) {
    tellJointState();
    signals.objects().forEach(object -> object.write(SOMEWHERE, 0, now, now));
    signals.images().values().forEach(image -> show(image, now));
    afterCycle.run();
  }

  /** The arm is where it is commanded to be. */
  private void tellJointState() {
    ControlSnapshot now = control.board().snapshot();
    if (now.state().commands()) {
      System.arraycopy(now.command(), 0, jointState, 0, robot.jointCount());
    }
    signals.jointState().write(jointState, 0, clock.nanos(), clock.nanos());
  }

  private static void show(ImageSlot image, long now) {
    image.back().stamp(now, now);
    image.publish();
  }
}
