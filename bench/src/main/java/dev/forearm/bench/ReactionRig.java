package dev.forearm.bench;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.robot.CommandPublisher;
import dev.forearm.ros.robot.ReceptionRehearsal;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.NoddingPolicy;
import dev.forearm.runtime.lockstep.Rehearsal;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.RobotSignals;
import java.util.Optional;

/**
 * From a joint state that was received to the command that was written, without the network and
 * without handing over from thread to thread: CDR decoding, the control cycle, CDR encoding. Cycles
 * at the robot's own rate, with the caches as cold as that leaves them. Owned by the thread that
 * cycles it.
 */
final class ReactionRig implements Agent {
  private final Robot robot;
  private final NanosHistogram reactions;
  private final MonotonicClock clock = new MonotonicClock();
  private final RobotBridge bridge;
  private final PolicyLoop policy;
  private final ControlLoop control;
  private final JointState.Buffer state = new JointState.Buffer();
  private final CdrWriter writer = new CdrWriter(1024);
  private final Publication states;
  private long writtenNanos;
  private long plannedNanos = Long.MIN_VALUE;

  /**
   * @param robot with one joint group, commanded by positions
   * @param reactions gets one for each command
   */
  ReactionRig(Robot robot, NanosHistogram reactions) {
    this.robot = robot;
    this.reactions = reactions;
    InProcessTransport transport = new InProcessTransport(clock);
    RobotSignals signals = new RobotSignals(robot);
    bridge = new RobotBridge(robot, signals, transport, Optional.empty());
    InstalledPolicy nodding =
        new InstalledPolicy("nodding", "", new NoddingPolicy(robot), new float[0], robot, signals);
    policy = new PolicyLoop(nodding, robot, RuntimeTap.NONE, clock);
    control = new ControlLoop(robot, signals, policy.chunks(), bridge.commands(), RuntimeTap.NONE);
    JointGroup group = robot.groups().getFirst();
    states = transport.advertise(group.states(), JointState.TYPE, Qos.DEFAULT);
    transport.subscribe(
        group.command().topic(),
        Float64MultiArray.TYPE,
        Qos.COMMAND,
        (cdr, receivedNanos) -> writtenNanos = receivedNanos);
    state.name.assign(robot.jointNames());
    state.position.resize(robot.jointCount());
    state.velocity.resize(robot.jointCount());
    for (int j = 0; j < robot.jointCount(); j++) {
      state.position.set(j, robot.joints().get(j).positionMiddle());
    }
    rehearse();
    control.engage();
  }

  /** As a session does before an arm is driven. */
  private void rehearse() {
    CommandPublisher nowhere = bridge.rehearsedCommands();
    Rehearsal.of(
        robot,
        policy.active().policy().spec(),
        RuntimeTap.NONE,
        nowhere,
        () -> nowhere.doWork(clock.nanos()),
        () -> {});
    ReceptionRehearsal.of(robot, Optional.empty(), () -> {});
  }

  @Override
  public String name() {
    return "bench reaction";
  }

  @Override
  public int doWork(long now) {
    state.encode(writer);
    long received = System.nanoTime();
    states.publish(writer.segment(), writer.length());
    control.tick(System.nanoTime());
    int sent = bridge.commands().doWork(now);
    if (sent > 0) {
      reactions.record(writtenNanos - received);
    }
    if (plannedNanos == Long.MIN_VALUE || now - plannedNanos >= robot.policyPeriodNanos()) {
      policy.step(System.nanoTime());
      plannedNanos = now;
    }
    return 1;
  }
}
