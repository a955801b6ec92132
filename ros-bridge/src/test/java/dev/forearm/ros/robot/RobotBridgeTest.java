package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
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
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.CommandSink;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Source.TopicField;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
  private final SignalReading joints = new SignalReading(2 * robot.jointCount());
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
  void jointsAreMatchedByNameWhateverTheirOrderAndOthersArePassedOver() {
    List<String> names = new ArrayList<>(robot.jointNames());
    Collections.reverse(names);
    names.add(2, "a_wheel");
    double[] positions = new double[names.size()];
    double[] velocities = new double[names.size()];
    for (int i = 0; i < names.size(); i++) {
      positions[i] = 0.1 * robot.jointIndex(names.get(i));
      velocities[i] = -positions[i];
    }
    clock.advance(5_000_000);
    publish(jointState(names, positions, velocities));

    assertTrue(signals.jointState().read(joints));
    for (int j = 0; j < robot.jointCount(); j++) {
      assertEquals(0.1 * j, joints.values()[j], 1e-15);
      assertEquals(-0.1 * j, joints.values()[robot.jointCount() + j], 1e-15);
    }
    assertEquals(7_000_000_008L, joints.stampNanos());
    assertEquals(5_000_000, joints.receivedNanos());
  }

  @Test
  void velocitiesThatAreNotPublishedAreNotTakenForZero() {
    publish(jointState(robot.jointNames(), new double[robot.jointCount()], new double[0]));

    assertTrue(signals.jointState().read(joints));
    assertTrue(Double.isNaN(joints.values()[robot.jointCount()]));
  }

  @Test
  void effortsHaveASlotOfTheirOwnThatStaysEmptyWithoutThem() {
    SignalReading efforts = new SignalReading(robot.jointCount());
    double[] zeros = new double[robot.jointCount()];
    publish(jointState(robot.jointNames(), zeros, zeros));
    assertFalse(signals.jointEffort().read(efforts));

    List<String> names = robot.jointNames().reversed();
    double[] torques = {8, 7, 6, 5, 4, 3, 2, 1};
    publish(new JointState(header(""), names, zeros, zeros, torques));
    assertTrue(signals.jointEffort().read(efforts));
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, efforts.values());
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
  void aJointStateThatLacksOrRepeatsAJointIsRefusedAndCounted() {
    List<String> lacking = robot.jointNames().subList(1, robot.jointCount());
    publish(jointState(lacking, new double[lacking.size()], new double[0]));
    List<String> twice = new ArrayList<>(robot.jointNames());
    twice.add(twice.getFirst());
    publish(jointState(twice, new double[twice.size()], new double[0]));
    publish(jointState(robot.jointNames(), new double[2], new double[0]));

    assertFalse(signals.jointState().read(joints));
    assertEquals(3, refused(robot.topics().jointStates()));
  }

  @Test
  void objectPosesReachTheirSlotsWithTheScalarFirst() {
    List<String> names = robot.objects().reversed();
    publish(robot.topics().objectNames(), Qos.LATCHED, text(String.join(",", names)));
    publish(robot.topics().objects(), Qos.DEFAULT, poses(robot.baseFrame(), names.size()));

    SignalReading pose = new SignalReading(RobotSignals.POSE_WIDTH);
    for (int i = 0; i < names.size(); i++) {
      assertTrue(signals.object(names.get(i)).read(pose));
      assertArrayEquals(new double[] {i, 2, 3, 1, 0.1, 0.2, 0.3}, pose.values());
    }
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
  void aTruncatedImageIsRefused() {
    String topic = robot.topics().images().getFirst();
    publish(topic, Qos.SENSOR_DATA, image(96, 96, new byte[96 * 96 * 3]));
    assertEquals(0, refused(topic));
    publish(topic, Qos.SENSOR_DATA, image(96, 96, new byte[96 * 96 * 3 - 1]));
    assertEquals(1, refused(topic));
  }

  @Test
  void commandsArriveInlineAndFromTheirOwnThread() throws InterruptedException {
    BlockingQueue<double[]> arrived = new LinkedBlockingQueue<>();
    transport.subscribe(
        robot.topics().commands(),
        Float64MultiArray.TYPE,
        Qos.COMMAND,
        (cdr, receivedNanos) -> arrived.add(Float64MultiArray.decode(cdr).data()));
    double[] command = {1, 2, 3, 4, 5, 6, 7, 0.04};

    CommandSink inline = bridge.inlineCommands();
    inline.send(command, 1);
    assertArrayEquals(command, arrived.remove());
    assertEquals(1, bridge.commanders());

    CommandPublisher publisher = bridge.commandPublisher();
    command[0] = 9;
    publisher.send(command, 2);
    assertArrayEquals(command, arrived.poll(10, TimeUnit.SECONDS));
    assertEquals(0, publisher.failed());
    assertEquals(2, bridge.commanders(), "a second commander shows");
  }

  private long refused(String topic) {
    return bridge.subscriptions().stream()
        .filter(s -> s.topic().equals(topic))
        .findFirst()
        .orElseThrow()
        .refused();
  }

  private void publish(JointState message) {
    publish(robot.topics().jointStates(), Qos.SENSOR_DATA, message);
  }

  private void publish(String topic, Qos qos, Message message) {
    CdrWriter writer = new CdrWriter(64);
    message.encode(writer);
    MessageType type = message.messageType();
    transport.advertise(topic, type, qos).publish(writer);
  }

  private static Header header(String frame) {
    return new Header(new Time(7, 8), frame);
  }

  private static JointState jointState(
      List<String> names, double[] positions, double[] velocities) {
    return new JointState(header(""), names, positions, velocities, new double[0]);
  }

  private static PoseArray poses(String frame, int count) {
    List<Pose> poses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      poses.add(new Pose(new Point(i, 2, 3), new Quaternion(0.1, 0.2, 0.3, 1)));
    }
    return new PoseArray(header(frame), poses);
  }

  private static Image image(int width, int height, byte[] data) {
    return new Image(header("scene_camera"), height, width, "rgb8", (byte) 0, width * 3, data);
  }

  private static dev.forearm.ros.msg.std_msgs.String text(String value) {
    return new dev.forearm.ros.msg.std_msgs.String(value);
  }
}
