package dev.forearm.sim.expert;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.robot.CommandPublisher;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.Lockstep;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.sim.TabletopRobot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.node.SimulatedRobot;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The simulated robot, the runtime's own loops and a policy, in lockstep. */
final class Rig implements AutoCloseable {
  private static final long FOREVER = Long.MAX_VALUE;
  private static final long PERIODS_NANOS = 100_000_000; // a multiple of them all
  private static final long REST_NANOS = 2_000_000_000L;

  final SimulatedRobot robot;
  final List<double[]> trace = new ArrayList<>();
  final List<float[]> seen = new ArrayList<>(); // each policy step's observation
  final Set<String> stages = new LinkedHashSet<>(); // names, in the order in which they came
  final Observation observed;
  private final InProcessTransport transport;
  private final RobotBridge bridge;
  private final PolicyLoop loop;
  private final ControlLoop control;
  private final Lockstep lockstep;

  Rig(Policy policy, Gap gap, Disturbance disturbance) {
    this(TabletopRobot.ROBOT, policy, gap, disturbance);
  }

  Rig(Robot body, Policy policy, Gap gap, Disturbance disturbance) {
    SimulatedClock clock = new SimulatedClock();
    transport = new InProcessTransport(clock);
    robot = new SimulatedRobot(transport, new SimSettings(gap, disturbance, false));
    RobotSignals signals = new RobotSignals(body);
    bridge = new RobotBridge(body, signals, transport, Optional.empty());
    observed = new Observation(policy.spec().observationWidth());
    RuntimeTap tap =
        new RuntimeTap() {
          @Override
          public void observed(Observation observation) {
            System.arraycopy(
                observation.values(), 0, observed.values(), 0, observed.values().length);
            seen.add(observation.values().clone());
          }

          @Override
          public void commanded(double[] positions, SafetyState state, long stampNanos) {
            trace.add(positions.clone());
          }
        };
    float[] scale = new float[policy.spec().frameWidth()];
    Arrays.fill(scale, 1);
    InstalledPolicy installed = new InstalledPolicy("rig", "", policy, scale, body, signals);
    loop = new PolicyLoop(installed, body, tap, clock);
    CommandPublisher commands = bridge.commands();
    control = new ControlLoop(body, signals, loop.chunks(), commands, tap);
    lockstep =
        new Lockstep(
            clock,
            body,
            robot,
            loop,
            control,
            () -> commands.doWork(clock.nanos()),
            Tabletop.STEP_NANOS,
            0);
  }

  /** Runs one episode to success or timeout. */
  boolean run(Task task, long seed) {
    control.disengage();
    lockstep.runUntil(
        () -> control.board().snapshot().state() == SafetyState.IDLE && startsAPeriod(),
        REST_NANOS);
    robot.begin(task, seed);
    loop.requestReset();
    trace.clear();
    seen.clear();
    stages.clear();
    control.engage();
    lockstep.runUntil(
        () -> {
          stages.add(robot.monitor().stageName());
          return robot.monitor().succeeded() || robot.monitor().timedOut();
        },
        FOREVER / 2);
    return robot.monitor().succeeded();
  }

  /** So that every episode begins at the same phase of everything periodic. */
  private boolean startsAPeriod() {
    return lockstep.nanos() % PERIODS_NANOS == 0;
  }

  /** Goes on for a while, whatever happens. */
  void goOn(long nanos) {
    lockstep.runUntil(() -> false, nanos);
  }

  @Override
  public void close() {
    bridge.close();
    robot.close();
    transport.close();
  }
}
