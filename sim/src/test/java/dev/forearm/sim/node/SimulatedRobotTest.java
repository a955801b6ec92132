package dev.forearm.sim.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.diagnostic_msgs.KeyValue;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.rosgraph_msgs.Clock;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectoryPoint;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SimulatedRobotTest {
  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final List<JointState> jointStates = new ArrayList<>();
  private final List<DiagnosticStatus> taskStates = new ArrayList<>();
  private SimulatedRobot robot = new SimulatedRobot(transport, SimSettings.of(Gap.none()));
  private final Publication commands =
      transport.advertise(SimTopics.COMMANDS, Float64MultiArray.TYPE, Qos.COMMAND);
  private final Publication trajectories =
      transport.advertise(SimTopics.TRAJECTORY, JointTrajectory.TYPE, Qos.COMMAND);
  private final Publication resets =
      transport.advertise(SimTopics.RESET, dev.forearm.ros.msg.std_msgs.String.TYPE, Qos.DEFAULT);

  SimulatedRobotTest() {
    transport.subscribe(
        SimTopics.JOINT_STATES,
        JointState.TYPE,
        Qos.DEFAULT,
        (cdr, _) -> jointStates.add(JointState.decode(cdr)));
    transport.subscribe(
        SimTopics.TASK_STATE,
        DiagnosticStatus.TYPE,
        Qos.DEFAULT,
        (cdr, _) -> taskStates.add(DiagnosticStatus.decode(cdr)));
  }

  @AfterEach
  void close() {
    robot.close();
    transport.close();
  }

  @Test
  void jointStatesCome500TimesASecondWithThePandasNames() {
    run(1000);
    assertEquals(500, jointStates.size());
    JointState last = jointStates.getLast();
    assertEquals(9, last.name().size());
    assertEquals("panda_joint1", last.name().getFirst());
    assertEquals("panda_finger_joint2", last.name().getLast());
    assertEquals(1, last.header().stamp().sec());
    assertEquals(-2.55, last.position()[3], 0.1);
    assertEquals(9, last.velocity().length);
  }

  @Test
  void objectsAreNamedForLateListenersAndPosedInTheBaseFrame() {
    List<PoseArray> poses = new ArrayList<>();
    List<String> names = new ArrayList<>();
    transport.subscribe(
        SimTopics.OBJECTS,
        PoseArray.TYPE,
        Qos.DEFAULT,
        (cdr, _) -> poses.add(PoseArray.decode(cdr)));
    transport.subscribe(
        SimTopics.OBJECT_NAMES,
        dev.forearm.ros.msg.std_msgs.String.TYPE,
        Qos.LATCHED,
        (cdr, _) -> names.add(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data()));
    run(200);
    assertEquals(List.of("red_cube,green_cube,blue_cube,left_bin,right_bin,button,drawer"), names);
    assertEquals(10, poses.size());
    PoseArray last = poses.getLast();
    assertEquals("panda_link0", last.header().frameId());
    assertEquals(robot.scene().object(0, 0), last.poses().get(0).position().x());
    assertEquals(0.31, last.poses().get(3).position().y(), 1e-9);
    assertEquals(1, last.poses().get(3).orientation().w(), 1e-9);
  }

  @Test
  void aResetBeginsASeededEpisodeAndTheTaskStateSaysSo() {
    run(100);
    long before = Long.parseLong(value("episode"));
    reset("{task: tidy, seed: 7}");
    run(20);
    assertEquals("tidy", taskStates.getLast().name());
    assertEquals("lift the red cube", taskStates.getLast().message());
    assertEquals(before + 1, Long.parseLong(value("episode")));
    assertEquals("7", value("seed"));
    assertEquals("0", value("stage"));
    assertEquals("7", value("stages"));
    assertEquals("false", value("success"));
    assertEquals("false", value("timed_out"));
    try (Tabletop same = new Tabletop(Gap.none())) {
      same.reset(7);
      assertEquals(same.object(0, 0), robot.scene().object(0, 0), 1e-6);
    }
  }

  @Test
  void aTaskThatTimesOutSaysSo() {
    robot.begin(Task.LIFT, 1);
    run(10_020);
    assertEquals("true", value("timed_out"));
    assertEquals("time is up", taskStates.getLast().message());
  }

  @Test
  void aBadResetChangesNothing() {
    run(100);
    String before = value("episode");
    for (String bad :
        List.of("{task: juggle, seed: 1}", "{task: lift, seed: x}", "{task: lift}", "lift", "[")) {
      reset(bad);
    }
    run(40);
    assertEquals(before, value("episode"));
  }

  @Test
  void commandsMoveTheArmAndTheirEndStopsIt() {
    run(2);
    double[] target = start();
    target[0] += 0.05;
    for (int i = 0; i < 300; i++) {
      command(target);
      run(2);
    }
    assertEquals(target[0], robot.scene().jointPosition(0), 1e-3);
    for (int i = 0; i < 200; i++) {
      target[0] += 0.001; // 0.5 rad/s
      command(target);
      run(2);
    }
    run(100);
    double stopped = robot.scene().jointPosition(0);
    run(1000);
    assertEquals(stopped, robot.scene().jointPosition(0), 5e-3);
  }

  @Test
  void aBrokenCommandIsRefusedAndTheArmHolds() {
    run(2);
    double before = robot.scene().jointPosition(1);
    double[] bad = start();
    bad[1] = Double.NaN;
    command(bad);
    command(new double[3]);
    publish(trajectories, trajectory(List.of("panda_joint1"), new double[] {0.5}, 1));
    run(500);
    assertEquals(before, robot.scene().jointPosition(1), 1e-3);
  }

  @Test
  void aTrajectoryIsFollowedWhateverItsJointOrder() {
    run(2);
    double[] target = start();
    target[0] += 0.2;
    List<String> names = Tabletop.JOINTS.reversed();
    double[] reversed = new double[target.length];
    for (int i = 0; i < target.length; i++) {
      reversed[i] = target[target.length - 1 - i];
    }
    publish(trajectories, trajectory(names, reversed, 1));
    run(500);
    assertEquals(target[0] - 0.1, robot.scene().jointPosition(0), 0.01);
    run(1500);
    assertEquals(target[0], robot.scene().jointPosition(0), 1e-3);
  }

  @Test
  void aTrajectoryStampedLaterIsFollowedFromThenOn() {
    run(100);
    double[] target = start();
    double before = target[0];
    target[0] += 0.2;
    JointTrajectory now = trajectory(Tabletop.JOINTS, target, 1);
    Header inASecond = new Header(new Time(1, 100_000_000), "");
    publish(trajectories, new JointTrajectory(inASecond, now.jointNames(), now.points()));
    run(1000);
    assertEquals(before, robot.scene().jointPosition(0), 1e-3);
    run(500);
    assertEquals(before + 0.1, robot.scene().jointPosition(0), 0.01);
    run(1500);
    assertEquals(before + 0.2, robot.scene().jointPosition(0), 1e-3);
  }

  @Test
  void controllersOfTheirOwnDriveTheirJointsAlone() {
    robot.close();
    jointStates.clear();
    robot =
        new SimulatedRobot(
            transport,
            new SimSettings(
                Gap.none(),
                Disturbance.NONE,
                false,
                List.of(
                    new SimController(
                        Tabletop.JOINTS.subList(0, 7),
                        SimTopics.JOINT_STATES,
                        List.of(new CommandRoute.Positions(SimTopics.COMMANDS, 2_000_000))),
                    new SimController(
                        Tabletop.JOINTS.subList(7, 8),
                        SimTopics.JOINT_STATES,
                        List.of(new CommandRoute.Trajectory("/gripper", 20_000_000))))));
    run(2);
    assertEquals(Tabletop.JOINTS.subList(0, 7), jointStates.getFirst().name());
    assertEquals(
        List.of("panda_finger_joint1", "panda_finger_joint2"), jointStates.getLast().name());
    double[] arm = Arrays.copyOf(start(), 7);
    arm[0] += 0.05;
    Publication gripper = transport.advertise("/gripper", JointTrajectory.TYPE, Qos.COMMAND);
    publish(gripper, trajectory(List.of("panda_finger_joint1"), new double[] {0.01}, 1));
    for (int i = 0; i < 700; i++) {
      command(arm);
      run(2);
    }
    assertEquals(arm[0], robot.scene().jointPosition(0), 1e-3);
    assertEquals(0.01, robot.scene().jointPosition(7), 1e-3);
  }

  @Test
  void theClockIsPublishedWhenAskedFor() {
    List<Clock> clocks = new ArrayList<>();
    transport.subscribe(
        SimTopics.CLOCK, Clock.TYPE, Qos.DEFAULT, (cdr, _) -> clocks.add(Clock.decode(cdr)));
    run(100);
    assertTrue(clocks.isEmpty());
    robot.close();
    robot = new SimulatedRobot(transport, new SimSettings(Gap.none(), Disturbance.NONE, true));
    run(100);
    assertEquals(10, clocks.size());
    assertEquals(200_000_000, clocks.getLast().clock().nanosec());
  }

  @Test
  void theSameSeedAndCommandsPublishTheSameBytes() {
    assertArrayEquals(recorded(7), recorded(7));
    assertFalse(Arrays.equals(recorded(7), recorded(8)));
  }

  private static byte[] recorded(long seed) {
    SimulatedClock clock = new SimulatedClock();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InProcessTransport transport = new InProcessTransport(clock);
        SimulatedRobot robot = new SimulatedRobot(transport, SimSettings.of(Gap.standard()))) {
      transport.subscribe(
          SimTopics.JOINT_STATES,
          JointState.TYPE,
          Qos.DEFAULT,
          (cdr, _) -> bytes.writeBytes(cdr.toArray(ValueLayout.JAVA_BYTE)));
      transport.subscribe(
          SimTopics.OBJECTS,
          PoseArray.TYPE,
          Qos.DEFAULT,
          (cdr, _) -> bytes.writeBytes(cdr.toArray(ValueLayout.JAVA_BYTE)));
      Publication commands =
          transport.advertise(SimTopics.COMMANDS, Float64MultiArray.TYPE, Qos.COMMAND);
      robot.begin(Task.LIFT, seed);
      double[] target = new double[Tabletop.JOINTS.size()];
      for (int i = 0; i < 2000; i++) {
        clock.advance(Tabletop.STEP_NANOS);
        robot.step(clock.nanos());
        for (int j = 0; j < target.length; j++) {
          target[j] = robot.scene().jointPosition(j) + 0.01 * Math.sin(0.01 * i + j);
        }
        publish(commands, new Float64MultiArray(new MultiArrayLayout(List.of(), 0), target));
      }
    }
    return bytes.toByteArray();
  }

  private void run(int steps) {
    for (int i = 0; i < steps; i++) {
      clock.advance(Tabletop.STEP_NANOS);
      robot.step(clock.nanos());
    }
  }

  private double[] start() {
    double[] q = new double[Tabletop.JOINTS.size()];
    for (int i = 0; i < q.length; i++) {
      q[i] = robot.scene().jointPosition(i);
    }
    return q;
  }

  private void command(double[] positions) {
    publish(commands, new Float64MultiArray(new MultiArrayLayout(List.of(), 0), positions.clone()));
  }

  private void reset(String yaml) {
    publish(resets, new dev.forearm.ros.msg.std_msgs.String(yaml));
  }

  private String value(String key) {
    for (KeyValue value : taskStates.getLast().values()) {
      if (value.key().equals(key)) {
        return value.value();
      }
    }
    throw new AssertionError("no " + key + " in " + taskStates.getLast());
  }

  private static JointTrajectory trajectory(List<String> names, double[] positions, int seconds) {
    double[] none = {};
    return new JointTrajectory(
        new Header(new Time(0, 0), ""),
        names,
        List.of(new JointTrajectoryPoint(positions, none, none, none, new Duration(seconds, 0))));
  }

  private static void publish(Publication publication, Message message) {
    CdrWriter writer = new CdrWriter(256);
    message.encode(writer);
    publication.publish(writer);
  }
}
