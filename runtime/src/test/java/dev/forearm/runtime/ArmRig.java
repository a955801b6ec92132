package dev.forearm.runtime;

import dev.forearm.runtime.FaultPlan.Fault;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.CommandTrace;
import dev.forearm.runtime.lockstep.Lockstep;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's real loops around an arm that lags behind its commands, in lockstep, with faults.
 * The arm stays where it is when nothing is commanded.
 */
public final class ArmRig {
  public static final long MS = 1_000_000L;

  public final Robot robot;
  public final SimulatedClock clock = new SimulatedClock();
  public final RobotSignals signals;
  public final double[] arm = SwayingPolicy.ready();
  public final double[] command = SwayingPolicy.ready();
  public final double[] pushed = new double[8]; // how far off the joints are held
  public final PolicyLoop policy;
  public final ControlLoop control;
  public final CommandTrace trace;
  public final Lockstep lockstep;
  public long commandsSent;
  public boolean sinkReady = true;
  public @Nullable RuntimeException failOnce; // thrown in place of the next command

  private final FaultPlan faults;
  private final long stepNanos;
  private final double[] jointState = new double[16];
  private final double[] cube = {0.5, 0, 0.02, 1, 0, 0, 0};

  public ArmRig(double amplitude, FaultPlan faults, RuntimeTap tap, long inferenceNanos) {
    this(TabletopRobot.read(), amplitude, faults, tap, inferenceNanos);
  }

  /** One whose robot file differs in its limits. */
  public ArmRig(
      Robot robot, double amplitude, FaultPlan faults, RuntimeTap tap, long inferenceNanos) {
    this.robot = robot;
    this.faults = faults;
    signals = new RobotSignals(robot);
    SwayingPolicy swaying = new SwayingPolicy(robot, amplitude, faults);
    trace = new CommandTrace(robot.jointCount());
    RuntimeTap traced = trace.andThen(tap);
    policy = new PolicyLoop(install(swaying, "swaying"), robot, traced, clock);
    CommandSink arrive =
        new CommandSink() {
          @Override
          public boolean ready() {
            return sinkReady;
          }

          @Override
          public void send(double[] positions, long stampNanos) {
            RuntimeException failure = failOnce;
            if (failure != null) {
              failOnce = null;
              throw failure;
            }
            System.arraycopy(positions, 0, command, 0, positions.length);
            commandsSent++;
          }
        };
    control = new ControlLoop(robot, signals, policy.chunks(), arrive, traced);
    stepNanos = Math.min(MS, robot.controlPeriodNanos());
    lockstep =
        new Lockstep(
            clock, robot, this::physics, policy, control, () -> {}, stepNanos, inferenceNanos);
  }

  /** Fits a policy to this rig's robot. */
  public InstalledPolicy install(Policy with, String name) {
    float[] scale = new float[with.spec().frameWidth()];
    Arrays.fill(scale, 0.1f);
    return new InstalledPolicy(name, "", with, scale, robot, signals);
  }

  public void runFor(long nanos) {
    lockstep.runUntil(() -> false, nanos);
  }

  private void physics(long now) {
    for (int j = 0; j < arm.length; j++) {
      double velocity = 100 * (command[j] - arm[j]);
      arm[j] += stepNanos * 1e-9 * velocity;
      jointState[j] = arm[j] + pushed[j];
      jointState[8 + j] = velocity;
    }
    if (!faults.strikes(Fault.JOINT_STATE_LOST, now) && now % (2 * MS) == 0) {
      signals.jointState().write(jointState, 0, now, now);
    }
    if (!faults.strikes(Fault.OBJECT_LOST, now) && now % (20 * MS) == 0) {
      signals.object("red_cube").write(cube, 0, now, now);
    }
  }
}
