package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.signal.RobotSignals;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures from the topic to the policy that looks at them, and into the episode. */
class ObservedImagesTest {
  private static final Path ROBOT = Path.of("../launch/src/main/resources/robots/tabletop.yaml");
  private static final String WRIST = "/wrist_camera/image_raw";
  private static final String SCENE = "/scene_camera/compressed";
  private static final String DEPTH = "/wrist_camera/depth/image_raw";
  private static final String COMPRESSED_DEPTH = DEPTH + "/compressedDepth";
  private static final long MS = 1_000_000;

  @TempDir private Path folder;
  private final SimulatedClock clock = new SimulatedClock();
  private final InProcessTransport transport = new InProcessTransport(clock);
  private final Map<String, Publication> publications = new HashMap<>();
  private Looking policy;
  private Robot robot;
  private RobotSignals signals;

  @BeforeEach
  void readRobot() throws IOException {
    Path file = folder.resolve("robot.yaml");
    String depth = "  depth_images: [%s, %s]%n".formatted(DEPTH, COMPRESSED_DEPTH);
    Files.writeString(
        file,
        Files.readString(ROBOT)
            .replace("/scene_camera/image_raw", SCENE)
            .replace("  images:", depth + "  images:"));
    robot = RobotFile.read(file);
    look(spec());
  }

  private void look(PolicySpec spec) {
    policy = new Looking(spec);
    signals = new RobotSignals(robot, spec.observation());
  }

  @Test
  void theNewestPictureOfEachCameraIsLookedAtWhereTheReceiverPutIt() throws IOException {
    try (RobotBridge bridge = bridge(Optional.empty())) {
      PolicyLoop loop = loop(RuntimeTap.NONE);
      publishJoints();
      publishScene(1);
      for (int shade = 1; shade <= 5; shade++) {
        publishWrist(shade, shade);
      }
      loop.step(clock.nanos());
      assertFalse(Objects.requireNonNull(loop.chunks().poll()).refused());
      ImageTensor wrist = policy.seen.getFirst();
      assertEquals(5, wrist.stampNanos());
      assertEquals(5 / 255f, wrist.values().getAtIndex(ValueLayout.JAVA_FLOAT, 0), 1e-6f);
      ImageTensor scene = policy.seen.get(1);
      assertEquals(1, scene.stampNanos());
      assertEquals(3 * 12 * 16 * Float.BYTES, scene.values().byteSize());
      assertEquals(0, bridge.subscriptions().stream().mapToLong(s -> s.refused()).sum());
      loop.step(clock.nanos());
      assertSame(wrist, policy.seen.getFirst(), "nothing newer came");
    }
  }

  @Test
  void aCameraThatNeverCameOrStoppedOrIsFrozenIsToBlame() throws IOException {
    try (RobotBridge bridge = bridge(Optional.empty())) {
      PolicyLoop loop = loop(RuntimeTap.NONE);
      publishJoints();
      publishScene(1);
      assertRefused(loop, SafetyReason.OBSERVATION_MISSING, WRIST);
      publishWrist(1, 9);
      assertRefused(loop, SafetyReason.NONE, "");
      for (int i = 2; i < 20; i++) {
        clock.advance(20 * MS);
        publishJoints();
        publishScene(i);
        publishWrist(1, 9); // a driver that sends its last picture again and again
      }
      assertRefused(loop, SafetyReason.OBSERVATION_STALE, WRIST);
      assertEquals(18, refused(bridge, WRIST));
      publishWrist(21, 9);
      assertRefused(loop, SafetyReason.NONE, "");
      clock.advance(300 * MS);
      publishJoints();
      publishWrist(22, 9);
      assertRefused(loop, SafetyReason.OBSERVATION_STALE, SCENE);
    }
  }

  @Test
  void anEpisodeHoldsEachPictureOnceAndRefersToIt() throws IOException {
    try (EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      EpisodeChannels episode = new EpisodeChannels(recorder);
      try (RobotBridge bridge = bridge(Optional.of(episode))) {
        assertEquals(0, refused(bridge, WRIST));
        PolicyLoop loop = loop(new EpisodeTap(robot, policy.spec, episode));
        recorder.begin(new EpisodeInfo("one", "look", 7, robot.name(), "none", "", Map.of()));
        for (int i = 1; i <= 3; i++) {
          publishJoints();
          publishScene(10L * i);
          publishWrist(10L * i + 1, i);
          for (int plan = 0; plan < 2; plan++) {
            clock.advance(MS);
            loop.step(clock.nanos());
          }
        }
        recorder.drain();
        Path file = recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.SUCCESS, "")).file();
        List<String> references = new ArrayList<>();
        try (McapReader reader = McapReader.open(file)) {
          assertEquals(3, reader.messageCount(WRIST));
          assertEquals(3, reader.messageCount(SCENE));
          assertEquals(6, reader.messageCount(EpisodeTap.OBSERVATION));
          reader.read((channel, sequence, log, publish, payload) -> {
            if (channel.topic().equals(EpisodeTap.IMAGES)) {
              byte[] bytes = new byte[payload.remaining()];
              payload.duplicate().get(bytes);
              Header header = Header.decode(MemorySegment.ofArray(bytes));
              references.add(header.frameId() + " " + header.stamp().nanosec());
            }
          });
        }
        assertEquals(
            List.of(
                WRIST + " 11",
                SCENE + " 10",
                WRIST + " 11",
                SCENE + " 10",
                WRIST + " 21",
                SCENE + " 20",
                WRIST + " 21",
                SCENE + " 20",
                WRIST + " 31",
                SCENE + " 30",
                WRIST + " 31",
                SCENE + " 30"),
            references);
      }
    }
  }

  @Test
  void depthIsObservedInMetresHoweverItTravels() throws IOException {
    look(spec(depth(DEPTH), depth(COMPRESSED_DEPTH)));
    try (RobotBridge bridge = bridge(Optional.empty())) {
      PolicyLoop loop = loop(RuntimeTap.NONE);
      publishJoints();
      publishDepth(7, "16UC1");
      publishCompressedDepth(8);
      assertRefused(loop, SafetyReason.NONE, "");
      assertEquals(List.of(7L, 8L), policy.seen.stream().map(ImageTensor::stampNanos).toList());
      for (ImageTensor seen : policy.seen) {
        float[] metres = seen.values().toArray(ValueLayout.JAVA_FLOAT);
        assertEquals(32 * 24, metres.length);
        assertEquals(0.3f, metres[0], "none is what the bundle says"); // of column 0, row 0
        assertEquals(0.042f, metres[1]); // 41 mm for the column, and 1
        assertEquals(2, metres[8 * 32 + 31], "2296 mm are far"); // 41 31 + 97 8 + 31 8 + 1
      }
      publishDepth(9, "mono16");
      assertEquals(1, refused(bridge, DEPTH));
      clock.advance(300 * MS);
      publishJoints();
      publishCompressedDepth(10);
      assertRefused(loop, SafetyReason.OBSERVATION_STALE, DEPTH);
    }
  }

  private void assertRefused(PolicyLoop loop, SafetyReason why, String culprit) {
    loop.step(clock.nanos());
    ActionChunk chunk = loop.chunks().poll();
    assertNotNull(chunk);
    assertEquals(why, chunk.refusal());
    assertEquals(culprit, chunk.culprit());
  }

  private RobotBridge bridge(Optional<EpisodeChannels> episode) {
    return new RobotBridge(robot, signals, transport, episode);
  }

  private PolicyLoop loop(RuntimeTap tap) {
    return new PolicyLoop(
        new InstalledPolicy("looking", "", policy, new float[0], robot, signals),
        robot,
        tap,
        clock);
  }

  private PolicySpec spec() {
    IntFunction<Feature> image =
        side ->
            new Feature(
                side == 8 ? "wrist" : "scene",
                new Source.ColourImage(
                    side == 8 ? WRIST : SCENE,
                    Source.ColourImage.Channels.RGB,
                    side,
                    side * 3 / 4,
                    Source.Image.Fit.CROP,
                    0,
                    1),
                3 * side * side * 3 / 4,
                "1");
    return spec(image.apply(8), image.apply(16));
  }

  private static Feature depth(String topic) {
    Source.DepthImage source =
        new Source.DepthImage(topic, 32, 24, Source.Image.Fit.CROP, 0.01f, 2, 0.3f);
    return new Feature(topic, source, source.width(0), "m");
  }

  private PolicySpec spec(Feature first, Feature second) {
    int joints = robot.jointCount();
    return new PolicySpec(
        List.of(first, new Feature("joints", new Source.JointPosition(), joints, "mixed"), second),
        List.of("joints"),
        List.of(),
        List.of(),
        robot.jointNames(),
        1,
        robot.policyPeriodNanos());
  }

  private void publishJoints() {
    double[] home = {0, -0.3, 0, -1.8, 0, 1.5, 0.785, 0.02};
    publish(
        robot.groups().getFirst().states(),
        JointState.TYPE,
        new JointState(header(clock.nanos() + 1), robot.jointNames(), home, home, new double[0]));
  }

  private void publishWrist(long stampNanos, int shade) {
    byte[] pixels = new byte[3 * 32 * 24];
    Arrays.fill(pixels, (byte) shade);
    publish(
        WRIST, Image.TYPE, new Image(header(stampNanos), 24, 32, "rgb8", (byte) 0, 3 * 32, pixels));
  }

  private void publishScene(long stampNanos) throws IOException {
    try (InputStream photo = getClass().getResourceAsStream("/images/photo.jpg")) {
      byte[] bytes = Objects.requireNonNull(photo).readAllBytes();
      publish(SCENE, CompressedImage.TYPE, new CompressedImage(header(stampNanos), "jpeg", bytes));
    }
  }

  /** As the exporter paints it, which all of its ways to travel have in common. */
  private void publishDepth(long stampNanos, String encoding) {
    ByteBuffer millimetres = ByteBuffer.allocate(2 * 32 * 24).order(ByteOrder.LITTLE_ENDIAN);
    for (int y = 0; y < 24; y++) {
      for (int x = 0; x < 32; x++) {
        int none = (x + 3 * y) % 7;
        millimetres.putShort((short) (none == 0 ? 0 : (41 * x + 97 * y + x * y) % 3000 + 1));
      }
    }
    byte[] data = millimetres.array();
    publish(DEPTH, Image.TYPE, new Image(header(stampNanos), 24, 32, encoding, (byte) 0, 64, data));
  }

  private void publishCompressedDepth(long stampNanos) throws IOException {
    try (InputStream depth = getClass().getResourceAsStream("/images/depth.16UC1")) {
      byte[] bytes = Objects.requireNonNull(depth).readAllBytes();
      String format = "16UC1; compressedDepth png";
      publish(
          COMPRESSED_DEPTH,
          CompressedImage.TYPE,
          new CompressedImage(header(stampNanos), format, bytes));
    }
  }

  private void publish(String topic, MessageType type, Message message) {
    CdrWriter writer = new CdrWriter(1 << 16);
    message.encode(writer);
    publications
        .computeIfAbsent(topic, name -> transport.advertise(name, type, Qos.SENSOR_DATA))
        .publish(writer);
  }

  private static long refused(RobotBridge bridge, String topic) {
    return bridge.subscriptions().stream()
        .filter(subscription -> subscription.topic().equals(topic))
        .mapToLong(subscription -> subscription.refused())
        .sum();
  }

  private static Header header(long stampNanos) {
    return new Header(new Time(0, (int) stampNanos), "");
  }

  /** Stands still and remembers what it saw. */
  private static final class Looking implements Policy {
    private final PolicySpec spec;
    private List<ImageTensor> seen = List.of();

    Looking(PolicySpec spec) {
      this.spec = spec;
    }

    @Override
    public PolicySpec spec() {
      return spec;
    }

    @Override
    public void reset() {}

    @Override
    public void plan(Observation observation, Plan plan) {
      seen = List.copyOf(observation.images());
      double[] actions = plan.actions();
      for (int i = 0; i < actions.length; i++) {
        actions[i] = observation.values()[i];
      }
    }
  }
}
