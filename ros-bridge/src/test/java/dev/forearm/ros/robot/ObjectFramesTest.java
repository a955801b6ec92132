package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.geometry_msgs.Point;
import dev.forearm.ros.msg.geometry_msgs.Pose;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.geometry_msgs.Transform;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.sensor_msgs.PointCloud2;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import dev.forearm.ros.tf.StaticBroadcaster;
import dev.forearm.ros.tf.TransformTopics;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects seen by a camera on the arm: base - tool, which turns and moves - camera, which does not.
 */
class ObjectFramesTest {
  private static final Path ROBOT = Path.of("../launch/src/main/resources/robots/tabletop.yaml");
  private static final String CUBE = "red_cube";
  private static final String POINTS = "/points";
  private static final long MS = 1_000_000;
  private static final long START = 1_700_000_000_000L * MS;
  private static final double HALF = Math.sqrt(0.5);

  @TempDir private Path folder;
  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final Map<String, Publication> publications = new HashMap<>();
  private Robot robot;
  private RobotSignals signals;

  @BeforeEach
  void readRobot() throws IOException {
    Path file = folder.resolve("robot.yaml");
    Files.writeString(
        file,
        Files.readString(ROBOT)
            .replace(
                "topics:\n",
                "topics:\n  transforms: true\n  recorded: [{topic: "
                    + POINTS
                    + ", type: sensor_msgs/msg/PointCloud2}]\n"));
    robot = RobotFile.read(file);
    signals = new RobotSignals(robot);
  }

  @Test
  void posesReachTheBaseFrameByWhereTheCameraWasWhenItSawThem() {
    try (RobotBridge bridge = bridge(Optional.empty());
        StaticBroadcaster _ = camera()) {
      name();
      tool(START, 1, 0, 0, 0, 1); // at x = 1
      tool(START + 100 * MS, 3, 0, 0, 1, 0); // half a turn about z later, at x = 3
      see("camera", START + 50 * MS, 0.5, 0, 0);

      // In between: x = 2, a quarter turn. The camera is at z = 1 of the tool.
      assertPose(START + 50 * MS, 2, 0.5, 1, HALF, 0, 0, HALF);
      assertEquals(0, refused(bridge));
    }
  }

  @Test
  void posesThatComeBeforeTheirTransformWaitForIt() {
    try (RobotBridge bridge = bridge(Optional.empty());
        StaticBroadcaster _ = camera()) {
      name();
      tool(START, 1, 0, 0, 0, 1);
      clock.advance(7);
      see("camera", START + 50 * MS, 0.5, 0, 0);
      assertFalse(pose().isPresent());
      clock.advance(5);
      tool(START + 100 * MS, 3, 0, 0, 0, 1);
      assertPose(START + 50 * MS, 2.5, 0, 1, 1, 0, 0, 0);
      assertEquals(7, pose().orElseThrow().receivedNanos(), "as old as when it came");
      tool(START + 110 * MS, 3, 0, 0, 0, 1);
      assertEquals(1, pose().orElseThrow().sequence());
      assertEquals(0, refused(bridge));
    }
  }

  @Test
  void posesWithoutAWayToTheBaseAreRefused() {
    try (RobotBridge bridge = bridge(Optional.empty())) {
      name();
      see("camera", START, 0.5, 0, 0);
      assertEquals(1, refused(bridge), "nobody told of the camera");
      StaticBroadcaster camera = camera();
      see("camera", START, 0.5, 0, 0);
      assertEquals(2, refused(bridge), "nobody told of the tool");
      tool(START, 1, 0, 0, 0, 1);
      tool(START + 10 * MS, 1, 0, 0, 0, 1);
      see("camera", START - 1, 0.5, 0, 0);
      assertEquals(3, refused(bridge), "too early");
      see("camera", START + 700 * MS, 0.5, 0, 0);
      assertEquals(4, refused(bridge), "a clock is ahead");
      assertFalse(pose().isPresent());
      see("camera", 0, 0.5, 0, 0);
      assertPose(0, 1.5, 0, 1, 1, 0, 0, 0); // no stamp: as late as is known
      camera.close();
    }
  }

  @Test
  void transformsThatAreNoneHideNoOthers() {
    try (RobotBridge bridge = bridge(Optional.empty())) {
      TransformStamped good = transform(START, robot.baseFrame(), "camera", 1, 0, 0, 0, 1);
      TransformStamped bad = transform(START, "camera", "camera", 1, 0, 0, 0, 1);
      name();
      publish(TransformTopics.MOVING, Qos.DEFAULT, new TFMessage(List.of(bad, good)));
      see("camera", START, 0.5, 0, 0);
      assertPose(START, 1.5, 0, 0, 1, 0, 0, 0);
      publish(TransformTopics.MOVING, Qos.DEFAULT, new TFMessage(List.of(bad)));
      assertEquals(1, refused(bridge));
    }
  }

  @Test
  void anEpisodeHoldsTransformsAndPointsAndGivesTheSamePosesAgain() throws IOException {
    List<double[]> poses = new ArrayList<>();
    Path file;
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock);
        RobotBridge bridge = bridge(Optional.of(new EpisodeChannels(recorder)));
        StaticBroadcaster _ = camera()) {
      name();
      tool(START, 1, 0, 0.1, 0.2, 1);
      see("camera", START + 10 * MS, 0.7, 0, 0); // waits, and is not of the episode
      recorder.begin(new EpisodeInfo("one", "look", 7, robot.name(), "none", "", Map.of()));
      for (int i = 1; i <= 5; i++) {
        clock.advance(10 * MS);
        name();
        see("camera", START + (30L * i - 7) * MS, 0.1 * i, 0.2, 0.3);
        see("missing", START, 0, 0, 0); // refused
        points();
        tool(START + 30L * i * MS, i, -i, 0.1 * i, 0.2, 1);
        poses.add(pose().orElseThrow().values().clone());
      }
      recorder.drain();
      file = recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "")).file();
      assertEquals(5, refused(bridge));
    }
    List<double[]> again = new ArrayList<>();
    try (McapReader reader = McapReader.open(file);
        RecordedSignals recorded = new RecordedSignals(robot, List.of())) {
      assertEquals(5, reader.messageCount(POINTS));
      assertEquals(5, reader.messageCount(TransformTopics.MOVING));
      assertEquals(1, reader.messageCount(TransformReceiver.STARTING_STATIC));
      reader.read((channel, _, log, _, payload) -> {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        recorded.receive(channel.topic(), log, MemorySegment.ofArray(bytes));
      });
      SignalReading shown = new SignalReading(RobotSignals.POSE_WIDTH);
      for (int version = 1; version <= 5; version++) {
        recorded.show("object:" + CUBE, version);
        assertTrue(recorded.shown().object(CUBE).read(shown));
        again.add(shown.values().clone());
      }
      assertFalse(recorded.has("object:" + CUBE, 6));
    }
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(poses.get(i), again.get(i));
    }
  }

  private RobotBridge bridge(Optional<EpisodeChannels> episode) {
    return new RobotBridge(robot, signals, transport, episode);
  }

  private StaticBroadcaster camera() {
    return new StaticBroadcaster(transport, List.of(transform(0, "tool", "camera", 0, 0, 1, 0, 1)));
  }

  private void name() {
    publish(
        robot.topics().objectNames(), Qos.LATCHED, new dev.forearm.ros.msg.std_msgs.String(CUBE));
  }

  private void tool(long stamp, double x, double y, double z, double qz, double qw) {
    publish(
        TransformTopics.MOVING,
        Qos.DEFAULT,
        new TFMessage(List.of(transform(stamp, robot.baseFrame(), "tool", x, y, z, qz, qw))));
  }

  private static TransformStamped transform(
      long stamp, String parent, String child, double x, double y, double z, double qz, double qw) {
    double length = Math.hypot(qz, qw);
    return new TransformStamped(
        new Header(RosTime.of(stamp), parent),
        child,
        new Transform(new Vector3(x, y, z), new Quaternion(0, 0, qz / length, qw / length)));
  }

  private void see(String frame, long stamp, double x, double y, double z) {
    Pose pose = new Pose(new Point(x, y, z), new Quaternion(0, 0, 0, 1));
    publish(
        robot.topics().objects(),
        Qos.DEFAULT,
        new PoseArray(new Header(RosTime.of(stamp), frame), List.of(pose)));
  }

  private void points() {
    publish(
        POINTS,
        Qos.DEFAULT,
        new PointCloud2(
            new Header(RosTime.of(START), "camera"),
            1,
            1,
            List.of(),
            false,
            12,
            12,
            new byte[12],
            true));
  }

  private void publish(String topic, Qos qos, Message message) {
    CdrWriter writer = new CdrWriter(256);
    message.encode(writer);
    publications
        .computeIfAbsent(topic, name -> transport.advertise(name, message.messageType(), qos))
        .publish(writer);
  }

  private Optional<SignalReading> pose() {
    SignalReading reading = new SignalReading(RobotSignals.POSE_WIDTH);
    return signals.object(CUBE).read(reading) ? Optional.of(reading) : Optional.empty();
  }

  private void assertPose(long stamp, double... wanted) {
    SignalReading reading = pose().orElseThrow();
    assertEquals(stamp, reading.stampNanos());
    assertArrayEquals(wanted, reading.values(), 1e-12);
  }

  private static long refused(RobotBridge bridge) {
    return bridge.subscriptions().stream().mapToLong(subscription -> subscription.refused()).sum();
  }
}
