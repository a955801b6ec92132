package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Point;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.geometry_msgs.Wrench;
import dev.forearm.ros.msg.geometry_msgs.WrenchStamped;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Source.TopicField;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RobotBridgeTest {
  private final SimulatedClock clock = new SimulatedClock();
  private final Robot robot =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));
  private final InProcessTransport transport = new InProcessTransport(clock);
  private static final TopicField FORCE =
      new TopicField("/wrench", "geometry_msgs/msg/WrenchStamped", "wrench.force", 3);
  private static final TopicField TURN =
      new TopicField("/wrench", "geometry_msgs/msg/WrenchStamped", "wrench.torque.z", 1);

  private final RobotSignals signals =
      new RobotSignals(
          robot, List.of(new Feature("force", FORCE, 3, "N"), new Feature("turn", TURN, 1, "Nm")));
  private RobotBridge bridge;

  @BeforeEach
  void connect(@TempDir Path folder) {
    EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock);
    bridge = new RobotBridge(robot, signals, transport, Optional.of(new EpisodeChannels(recorder)));
  }

  @AfterEach
  void disconnect() {
    bridge.close();
    transport.close();
  }

  @Test
  void fieldsOfOtherTopicsReachTheirSlotsStamped() {
    clock.advance(5);
    Wrench wrench = new Wrench(new Vector3(1, 2, 3), new Vector3(4, 5, 6));
    publish("/wrench", Qos.SENSOR_DATA, new WrenchStamped(header("flange"), wrench));

    SignalReading force = new SignalReading(3);
    assertTrue(Objects.requireNonNull(signals.fields().get(FORCE)).read(force));
    assertArrayEquals(new double[] {1, 2, 3}, force.values());
    assertEquals(7_000_000_008L, force.stampNanos());
    assertEquals(5, force.receivedNanos());
    SignalReading turn = new SignalReading(1);
    assertTrue(Objects.requireNonNull(signals.fields().get(TURN)).read(turn));
    assertArrayEquals(new double[] {6}, turn.values());
    assertEquals(
        1, bridge.subscriptions().stream().filter(s -> s.topic().equals("/wrench")).count());
  }

  @Test
  void objectPosesReachTheirSlotsWithTheScalarFirst() {
    List<String> names = robot.objects().reversed();
    publish(robot.topics().objectNames(), Qos.LATCHED, text(String.join(",", names)));
    publish(robot.topics().objects(), Qos.DEFAULT, poses(robot.baseFrame(), names.size()));

    SignalReading pose = new SignalReading(RobotSignals.POSE_WIDTH);
    for (int i = 0; i < names.size(); i++) {
      assertTrue(signals.object(names.get(i)).read(pose));
      assertArrayEquals(new double[] {i, 2, 3, 0.1, 0.7, 0.1, 0.7}, pose.values());
    }
  }

  @Test
  void namesMayBeSeparatedByCommasAndSpacesAndNeedNotBeLatched() {
    Publication names =
        transport.advertise(robot.topics().objectNames(), text("").messageType(), Qos.DEFAULT);
    for (String separator : List.of(",", ", ", " ", " ,\n")) {
      publish(names, text(" " + String.join(separator, robot.objects()) + ","));
      publish(robot.topics().objects(), Qos.DEFAULT, poses(robot.baseFrame(), 7));
    }
    assertEquals(0, refused(robot.topics().objects()));
    SignalReading pose = new SignalReading(RobotSignals.POSE_WIDTH);
    assertTrue(signals.object(robot.objects().getLast()).read(pose));
    assertEquals(4, pose.sequence());
  }

  @Test
  void aPoseThatIsNoneIsRefusedAndTheOtherObjectsAreTaken() {
    publish(robot.topics().objectNames(), Qos.LATCHED, text(String.join(",", robot.objects())));
    List<Pose> poses = new ArrayList<>(poses(robot.baseFrame(), 7).poses());
    Point here = new Point(1, 2, 3);
    poses.set(0, new Pose(here, new Quaternion(0, 0, 0, 0)));
    poses.set(1, new Pose(here, new Quaternion(0, 0, 0.3, 0.4)));
    poses.set(2, new Pose(here, new Quaternion(0, 0, Double.NaN, 1)));
    poses.set(3, new Pose(new Point(1, Double.NaN, 3), new Quaternion(0, 0, 0, 1)));
    poses.set(4, new Pose(here, new Quaternion(0, 0, 0.6, 0.8 + 0.009)));
    publish(robot.topics().objects(), Qos.DEFAULT, new PoseArray(header("panda_link0"), poses));

    assertEquals(1, refused(robot.topics().objects()));
    SignalReading pose = new SignalReading(RobotSignals.POSE_WIDTH);
    for (int i = 0; i < 4; i++) {
      assertFalse(signals.object(robot.objects().get(i)).read(pose), robot.objects().get(i));
    }
    assertTrue(signals.object(robot.objects().get(4)).read(pose));
    assertEquals(1, Math.hypot(pose.values()[3], pose.values()[6]), 1e-15);
    assertTrue(signals.object(robot.objects().get(5)).read(pose));
  }

  @Test
  void posesInAnotherFrameOrOfAnotherNumberAreRefused() {
    publish(robot.topics().objectNames(), Qos.LATCHED, text(String.join(",", robot.objects())));
    publish(robot.topics().objects(), Qos.DEFAULT, poses("map", robot.objects().size()));
    publish(robot.topics().objects(), Qos.DEFAULT, poses(robot.baseFrame(), 1));

    assertEquals(2, refused(robot.topics().objects()));
    SignalReading pose = new SignalReading(RobotSignals.POSE_WIDTH);
    assertFalse(signals.object(robot.objects().getFirst()).read(pose));
  }

  @Test
  void imagesThatAreNotWhatTheirHeaderSaysAreRefusedWhateverCameBefore() {
    String topic = robot.topics().images().getFirst();
    publish(topic, Qos.SENSOR_DATA, image(96, 96, 288, new byte[96 * 288]));
    assertEquals(0, refused(topic));
    publish(topic, Qos.SENSOR_DATA, image(96, 96, 288, new byte[96 * 288 - 1]));
    publish(topic, Qos.SENSOR_DATA, image(96, 96, 96, new byte[96 * 96]));
    publish(topic, Qos.SENSOR_DATA, image(0, 0, 0, new byte[0]));
    assertEquals(3, refused(topic));
    publish(topic, Qos.SENSOR_DATA, image(96, 96, 300, new byte[96 * 300]));
    assertEquals(3, refused(topic), "rows may be padded");
  }

  @Test
  void commandsLeaveAtThePublishersTurnAndNoneOvertakesAnother() {
    Queue<double[]> arrived = new ArrayDeque<>();
    String topic = robot.groups().getFirst().command().topic();
    transport.subscribe(
        topic,
        Float64MultiArray.TYPE,
        Qos.COMMAND,
        (cdr, receivedNanos) -> arrived.add(Float64MultiArray.decode(cdr).data()));
    double[] command = {1, 2, 3, 4, 5, 6, 7, 0.04};

    CommandPublisher publisher = bridge.commands();
    publisher.send(command, 1);
    assertFalse(publisher.ready(), "a command that waits is not to be overtaken");
    assertEquals(1, publisher.doWork(1));
    assertArrayEquals(command, arrived.remove());
    assertTrue(publisher.ready());
    assertEquals(0, publisher.doWork(2), "nothing is sent twice");
    assertTrue(arrived.isEmpty());
    assertEquals(0, publisher.failed());

    assertEquals(1, bridge.commanders());
    transport.advertise(topic, Float64MultiArray.TYPE, Qos.COMMAND);
    assertEquals(2, bridge.commanders(), "a second commander shows");
  }

  @Test
  void eachGroupIsCommandedOnItsTopicInItsFormAndAtItsRate() {
    Robot grouped =
        RobotFile.read(Path.of("../runtime/src/test/resources/robots/arm_and_gripper.yaml"));
    List<double[]> arm = new ArrayList<>();
    List<JointTrajectory> gripper = new ArrayList<>();
    transport.subscribe(
        "/arm_controller/commands",
        Float64MultiArray.TYPE,
        Qos.COMMAND,
        (cdr, receivedNanos) -> arm.add(Float64MultiArray.decode(cdr).data()));
    transport.subscribe(
        "/gripper_controller/joint_trajectory",
        JointTrajectory.TYPE,
        Qos.COMMAND,
        (cdr, receivedNanos) -> gripper.add(JointTrajectory.decode(cdr)));
    try (RobotBridge groups =
        new RobotBridge(grouped, new RobotSignals(grouped), transport, Optional.empty())) {
      CommandPublisher commands = groups.commands();
      for (int cycle = 0; cycle < 100; cycle++) {
        long jitter = cycle % 3 * 300_000L;
        commands.send(new double[] {1, 2, 3, 4, 5, 6, 7, cycle}, cycle * 2_000_000L + jitter);
        assertEquals(1, commands.doWork(0));
      }
      assertEquals(100, arm.size());
      assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7}, arm.getLast());
      assertEquals(10, gripper.size());
      assertEquals(List.of("panda_finger_joint1"), gripper.getLast().jointNames());
      assertEquals(20_000_000, gripper.getLast().points().getFirst().timeFromStart().nanosec());
      assertArrayEquals(new double[] {90}, gripper.getLast().points().getFirst().positions());
      assertEquals(2, groups.commanders(), "the other robot has the same arm");
    }
  }

  private int images; // published so far

  private long refused(String topic) {
    return bridge.subscriptions().stream()
        .filter(s -> s.topic().equals(topic))
        .findFirst()
        .orElseThrow()
        .refused();
  }

  private void publish(String topic, Qos qos, Message message) {
    publish(transport.advertise(topic, message.messageType(), qos), message);
  }

  private static void publish(Publication publication, Message message) {
    CdrWriter writer = new CdrWriter(64);
    message.encode(writer);
    publication.publish(writer);
  }

  private static Header header(String frame) {
    return new Header(new Time(7, 8), frame);
  }

  private static PoseArray poses(String frame, int count) {
    List<Pose> poses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      poses.add(new Pose(new Point(i, 2, 3), new Quaternion(0.7, 0.1, 0.7, 0.1)));
    }
    return new PoseArray(header(frame), poses);
  }

  private Image image(int width, int height, int step, byte[] data) {
    return new Image(
        new Header(new Time(0, ++images), ""), height, width, "rgb8", (byte) 0, step, data);
  }

  private static dev.forearm.ros.msg.std_msgs.String text(String value) {
    return new dev.forearm.ros.msg.std_msgs.String(value);
  }
}
