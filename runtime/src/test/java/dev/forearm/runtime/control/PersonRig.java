package dev.forearm.runtime.control;

import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.lockstep.NoddingPolicy;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.robot.TabletopRobot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.TakeoverSignal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A perfect arm that nods, until a person takes it over. Every command is kept and judged. Time
 * passes cycle by cycle.
 */
final class PersonRig {
  static final long MS = 1_000_000L;
  static final long TIMEOUT = 200 * MS;

  final Robot robot;
  final long period;
  final RobotSignals signals;
  final LimitAudit audit;
  final List<double[]> commands = new ArrayList<>();
  final ControlLoop control;
  final PolicyLoop policy;
  final double[] asked;
  boolean tellsJoints = true;
  long inferenceNanos;
  long now;
  private final double[] joints; // state
  private boolean pending;
  private long plannedNanos = Long.MIN_VALUE;

  PersonRig(Robot robot) {
    this.robot = robot;
    period = robot.controlPeriodNanos();
    signals = new RobotSignals(robot);
    audit = new LimitAudit(robot);
    RuntimeTap tap =
        audit.andThen(
            new RuntimeTap() {
              @Override
              public void commanded(double[] positions, SafetyState state, long stampNanos) {
                commands.add(positions.clone());
                System.arraycopy(positions, 0, joints, 0, positions.length);
              }
            });
    joints = new double[2 * robot.jointCount()];
    for (int j = 0; j < robot.jointCount(); j++) {
      joints[j] = robot.joints().get(j).positionMiddle();
    }
    policy =
        new PolicyLoop(
            new InstalledPolicy(
                "nodding", "", new NoddingPolicy(robot), new float[0], robot, signals),
            robot,
            tap,
            new SimulatedClock());
    control = new ControlLoop(robot, signals, policy.chunks(), (_, _) -> {}, tap);
    policy.heed(control);
    asked = new double[TakeoverSignal.width(robot.jointCount())];
    Arrays.fill(asked, 0, robot.jointCount(), Double.NaN);
  }

  static Robot tabletop() {
    return RobotFile.parse(TabletopRobot.text() + takeover("panda_link0"), "tabletop.yaml");
  }

  /** With limits of jerk, and no finger. */
  static Robot fr3() {
    return TabletopRobot.fr3(text -> text + takeover("fr3_hand_tcp"));
  }

  private static String takeover(String frame) {
    return """

    takeover:
      person: Ada
      joint_targets: /teleop/joints
      twist: /teleop/twist
      twist_frame: %s
      linear_max: 0.25
      angular_max: 1.0
      speed_share: 0.5
      timeout_ms: 200
    """
        .formatted(frame);
  }

  /** Lets cycles pass in which nobody says anything. */
  void pass(long nanos) {
    pass(nanos, () -> {});
  }

  /** Lets cycles pass, saying something in each. */
  void pass(long nanos, Runnable says) {
    for (long end = now + nanos; now < end; ) {
      says.run();
      cycle(period);
    }
  }

  void cycle(long elapsed) {
    now += elapsed;
    if (tellsJoints) {
      signals.jointState().write(joints, 0, now, now);
    }
    if (now - plannedNanos >= robot.policyPeriodNanos() || plannedNanos == Long.MIN_VALUE) {
      plannedNanos = now;
      policy.plan(now);
      pending = true;
    }
    if (pending && now - plannedNanos >= inferenceNanos) {
      pending = false;
      policy.publish();
    }
    control.tick(now);
  }

  /** The tool is to move so, along the axes of the base frame. */
  void twist(double... twist) {
    int n = robot.jointCount();
    Arrays.fill(asked, 0, n, Double.NaN);
    System.arraycopy(twist, 0, asked, TakeoverSignal.twist(n), 6);
    asked[TakeoverSignal.twistNanos(n)] = now;
    say();
  }

  /** A joint is to go there; the others stay. */
  void goal(int joint, double position) {
    int n = robot.jointCount();
    Arrays.fill(asked, 0, n, Double.NaN);
    asked[joint] = position;
    asked[TakeoverSignal.twistNanos(n)] = 0;
    say();
  }

  void say() {
    signals.takeover().orElseThrow().write(asked, 0, now, now);
  }

  String state() {
    ControlSnapshot now = control.board().snapshot();
    return now.state() + " " + now.reason();
  }

  Driver driver() {
    Driver instead = control.driver();
    return instead == null ? policy.driver() : instead;
  }

  /** Of the newest command, a joint's speed. */
  double speed(int joint) {
    int last = commands.size() - 1;
    return (commands.get(last)[joint] - commands.get(last - 1)[joint]) / (period * 1e-9);
  }
}
