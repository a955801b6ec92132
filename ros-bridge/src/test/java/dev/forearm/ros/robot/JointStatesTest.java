package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joint states as robots publish them, through the transport and into the signals. */
class JointStatesTest {
  private static final Path ROBOTS = Path.of("../runtime/src/test/resources/robots");
  private static final long MILLI = 1_000_000;

  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private Robot robot = RobotFile.read(ROBOTS.resolve("two_arms.yaml"));
  private RobotSignals signals = new RobotSignals(robot);
  private RobotBridge bridge = new RobotBridge(robot, signals, transport, Optional.empty());
  private final Node node = new Node("/joint_states");
  private SignalReading joints = new SignalReading(2 * robot.jointCount());

  @AfterEach
  void disconnect() {
    bridge.close();
    transport.close();
  }

  @Test
  void namesCountWhateverTheirOrderAndOthersArePassedOver() {
    List<String> names = new ArrayList<>(robot.jointNames());
    Collections.reverse(names);
    names.add(2, "a_wheel");
    node.publish(7 * MILLI, names, new double[] {3, 2, 99, 1, 0}, new double[] {-3, -2, 9, -1, 0});

    assertJoints(0, 1, 2, 3, 0, -1, -2, -3);
    assertEquals(7 * MILLI, joints.stampNanos());
    assertEquals(clock.nanos(), joints.receivedNanos());
  }

  @Test
  void partsFromTwoNodesOnOneTopicAreMergedAndAreAsOldAsTheOlder() {
    Node other = new Node("/joint_states");
    node.publish(5 * MILLI, List.of("left_shoulder", "left_elbow"), 1, 2);
    assertFalse(signals.jointState().read(joints), "half an arm is none");
    clock.advance(3 * MILLI);
    other.publish(8 * MILLI, List.of("right_elbow", "right_shoulder"), 4, 3);

    assertJoints(1, 2, 3, 4, 0, 0, 0, 0);
    assertEquals(5 * MILLI, joints.stampNanos());
    assertEquals(0, joints.receivedNanos());
    clock.advance(MILLI);
    node.publish(9 * MILLI, List.of("left_shoulder", "left_elbow"), 1, 2);
    assertTrue(signals.jointState().read(joints));
    assertEquals(3 * MILLI, joints.receivedNanos());
    assertEquals("right", signals.jointStateCulprit());
    assertEquals(0, refused());
  }

  @Test
  void groupsOnTopicsOfTheirOwnAreMergedToo() {
    transport.close();
    robot = RobotFile.read(ROBOTS.resolve("arm_and_gripper.yaml"));
    signals = new RobotSignals(robot);
    bridge = new RobotBridge(robot, signals, transport, Optional.empty());
    joints = new SignalReading(2 * robot.jointCount());
    new Node("/joint_states")
        .publish(MILLI, robot.groups().getFirst().joints(), 1, 2, 3, 4, 5, 6, 7);
    assertFalse(signals.jointState().read(joints));
    assertEquals("gripper", signals.jointStateCulprit());
    new Node("/joint_states").publish(MILLI, List.of("panda_finger_joint1"), 9);
    assertFalse(signals.jointState().read(joints), "the gripper has a topic of its own");
    new Node("/gripper/joint_states").publish(MILLI, List.of("panda_finger_joint1"), 0.04);
    assertTrue(signals.jointState().read(joints));
    assertEquals(0.04, joints.values()[7]);
  }

  @Test
  void aGroupThatIsToldOfSeldomMayBeThreeOfItsPeriodsOld() throws IOException {
    transport.close();
    robot =
        RobotFile.parse(
            Files.readString(ROBOTS.resolve("arm_and_gripper.yaml"))
                .replace(
                    "states: /gripper/joint_states",
                    "states: /gripper/joint_states\n    states_hz: 20"),
            "arm.yaml");
    signals = new RobotSignals(robot);
    bridge = new RobotBridge(robot, signals, transport, Optional.empty());
    joints = new SignalReading(2 * robot.jointCount());
    clock.advance(1000 * MILLI);
    new Node("/gripper/joint_states").publish(1000 * MILLI, List.of("panda_finger_joint1"), 0.04);
    Node arm = new Node("/joint_states");
    List<String> names = robot.groups().getFirst().joints();
    for (int after : new int[] {0, 100, 120}) {
      clock.advance((1000 + after) * MILLI - clock.nanos());
      arm.publish((1000 + after) * MILLI, names, 1, 2, 3, 4, 5, 6, 7);
      assertTrue(signals.jointState().read(joints));
      long age = clock.nanos() - joints.receivedNanos();
      assertEquals(Math.max(0, after - 110) * MILLI, age, "150 ms, others 40 ms");
      assertEquals(joints.receivedNanos(), joints.stampNanos());
    }
    assertEquals("gripper", signals.jointStateCulprit());
  }

  @Test
  void effortsHaveASlotOfTheirOwnThatStaysEmptyWithoutThem() {
    SignalReading efforts = new SignalReading(robot.jointCount());
    node.publish(MILLI, robot.jointNames(), 1, 2, 3, 4);
    assertFalse(signals.jointEffort().read(efforts));

    CdrWriter writer = new CdrWriter(64);
    new JointState(
            new Header(new Time(0, 2_000_000), ""),
            robot.jointNames().reversed(),
            new double[4],
            new double[0],
            new double[] {4, 3, 2, 1})
        .encode(writer);
    node.publication.publish(writer);
    assertTrue(signals.jointEffort().read(efforts));
    assertArrayEquals(new double[] {1, 2, 3, 4}, efforts.values());
    assertEquals(2 * MILLI, efforts.stampNanos());
    clock.advance(MILLI);
    node.publish(3 * MILLI, robot.jointNames(), 1, 2, 3, 4);
    assertTrue(signals.jointEffort().read(efforts));
    assertTrue(
        Double.isNaN(efforts.values()[0]), "what was measured once is not passed off as new");
  }

  @Test
  void aGroupThatIsSilentInPartIsBlamedByItsJoints() {
    node.publish(MILLI, List.of("left_shoulder", "left_elbow"), 1, 2);
    node.publish(MILLI, List.of("right_elbow"), 4);
    assertEquals("right: [right_shoulder]", signals.jointStateCulprit());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aVelocityThatIsNotMeasuredIsThatOfThePosition(boolean empty) {
    for (int i = 0; i < 200; i++) {
      clock.advance(2 * MILLI);
      double[] positions = {i * 0.002, 0, -i * 0.001, 0};
      double[] velocities = {Double.NaN, Double.NaN, Double.NaN, 5};
      node.publish(
          clock.nanos(), robot.jointNames(), positions, empty ? new double[0] : velocities);
    }
    assertTrue(signals.jointState().read(joints));
    assertEquals(1, joints.values()[4], 1e-6);
    assertEquals(0, joints.values()[5]);
    assertEquals(-0.5, joints.values()[6], 1e-6);
    assertEquals(empty ? 0 : 5, joints.values()[7]);
  }

  @Test
  void theFirstVelocityIsNoneAndNoStampIsNeeded() {
    publishAll(0, 1);
    assertJoints(1, 1, 1, 1, 0, 0, 0, 0);
    clock.advance(10 * MILLI);
    publishAll(0, 1.3);
    assertTrue(signals.jointState().read(joints));
    assertEquals(30 * 0.01 / (0.01 + 0.02), joints.values()[4], 1e-9);
  }

  @Test
  void whatIsNoJointStateIsRefusedAndTheNextOneTaken() {
    List<String> names = robot.jointNames();
    List<String> twice = List.of("left_elbow", "left_shoulder", "left_elbow");
    double[] four = {1, 2, 3, 4};
    node.publish(MILLI, twice, new double[3], new double[0]);
    node.publish(MILLI, names, new double[2], new double[0]);
    node.publish(MILLI, names, new double[0], new double[0]);
    node.publish(MILLI, names, four, new double[3]);
    node.publish(MILLI, names, new double[] {1, Double.NaN, 3, 4}, new double[0]);
    node.publish(MILLI, names, new double[] {1, Double.NEGATIVE_INFINITY, 3, 4}, new double[0]);
    node.publish(MILLI, names, four, new double[] {0, 0, Double.POSITIVE_INFINITY, 0});
    assertEquals(7, refused());
    assertFalse(signals.jointState().read(joints));
    node.publish(MILLI, names, four, new double[4]);
    assertJoints(1, 2, 3, 4, 0, 0, 0, 0);
  }

  @Test
  void aJointThatIsNotTheRobotsMayBeAnywhere() {
    node.publish(
        MILLI,
        List.of("left_shoulder", "left_elbow", "right_shoulder", "right_elbow", "wheel", "wheel"),
        new double[] {1, 2, 3, 4, Double.NaN, 1},
        new double[0]);
    assertJoints(1, 2, 3, 4, 0, 0, 0, 0);
  }

  @Test
  void aStepBackInTimeIsRefusedUntilTheJointStateIsStaleAnyway() {
    publishAll(100 * MILLI, 1);
    clock.advance(2 * MILLI);
    publishAll(99 * MILLI, 2);
    assertEquals(1, refused());
    assertJoints(1, 1, 1, 1, 0, 0, 0, 0);
    clock.advance(robot.timeouts().jointStateNanos());
    publishAll(MILLI, 3);
    assertEquals(1, refused(), "a clock that was set back is believed in the end");
    assertJoints(3, 3, 3, 3, 0, 0, 0, 0);
  }

  @Test
  void twoPublishersOfOneJointAreBothRefusedUntilOneIsSilent() {
    Node other = new Node("/joint_states");
    for (int i = 1; i <= 500; i++) {
      clock.advance(2 * MILLI);
      publishAll(clock.nanos(), 1);
      if (i % 5 == 0) {
        other.publish(clock.nanos(), List.of("left_elbow"), -1);
      }
    }
    assertJoints(1, 1, 1, 1, 0, 0, 0, 0);
    assertEquals(10 * MILLI, joints.receivedNanos(), "before the other came");
    assertEquals(600 - 5, refused(), "all but the first five");
    clock.advance(1_001 * MILLI);
    publishAll(clock.nanos(), 2);
    assertJoints(2, 2, 2, 2, 0, 0, 0, 0);
  }

  @Test
  void aDriverThatWasStartedAgainIsListenedTo() {
    publishAll(clock.nanos(), 1);
    clock.advance(1 + robot.timeouts().jointStateNanos());
    new Node("/joint_states").publish(clock.nanos(), robot.jointNames(), 2, 2, 2, 2);
    assertEquals(0, refused());
    assertJoints(2, 2, 2, 2, 0, 0, 0, 0);
  }

  private void publishAll(long stamp, double position) {
    node.publish(stamp, robot.jointNames(), position, position, position, position);
  }

  private void assertJoints(double... values) {
    assertTrue(signals.jointState().read(joints));
    assertArrayEquals(values, joints.values());
  }

  private long refused() {
    return bridge.subscriptions().getFirst().refused();
  }

  /** A publisher of joint states. */
  private final class Node {
    private final Publication publication;
    private final CdrWriter writer = new CdrWriter(64);
    private final JointState.Buffer message = new JointState.Buffer();

    Node(String topic) {
      publication = transport.advertise(topic, JointState.TYPE, Qos.DEFAULT);
    }

    void publish(long stamp, List<String> names, double... positions) {
      publish(stamp, names, positions, new double[0]);
    }

    void publish(long stamp, List<String> names, double[] positions, double[] velocities) {
      RosTime.set(message.header.stamp, stamp);
      message.name.assign(names);
      message.position.assign(positions, positions.length);
      message.velocity.assign(velocities, velocities.length);
      message.encode(writer);
      publication.publish(writer);
    }
  }
}
