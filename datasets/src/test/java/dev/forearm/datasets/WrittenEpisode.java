package dev.forearm.datasets;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.mcap.McapWriter;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/**
 * An episode whose sources have rates of their own, none of them steady, and what is in it: joints
 * about 100 times a second, stamped up to 5 ms before they arrive; commands about 60; pictures of
 * two cameras about 30 and 17, stamped up to 40 ms before they arrive.
 */
public final class WrittenEpisode {
  public static final Path ROBOT = Path.of("../launch/src/main/resources/robots/tabletop.yaml");
  public static final String SCENE = "/scene_camera/image_raw";
  public static final String WRIST = "/wrist_camera/image_raw";
  public static final int WIDTH = 96;
  public static final int HEIGHT = 64;

  private static final long START_NANOS = 1_700_000_000_000_000_000L;
  private static final long MILLI = 1_000_000;

  public final NavigableMap<Long, double[]> states = new TreeMap<>();
  public final NavigableMap<Long, double[]> commands = new TreeMap<>();

  /** Colour of the square in the middle of each picture, by the time of the picture. */
  public final Map<String, NavigableMap<Long, Integer>> pictures = new HashMap<>();

  public final Robot robot = RobotFile.read(ROBOT);
  public final Path file;

  private record Sent(String topic, Message message, long logNanos, long stampNanos) {}

  private final List<Sent> sent = new ArrayList<>();

  public WrittenEpisode(Path file, long seed, double seconds, boolean success) throws IOException {
    this.file = file;
    Random random = new Random(seed);
    long end = START_NANOS + Math.round(seconds * 1e9);
    for (long at = START_NANOS; at < end; at += 7 * MILLI + random.nextLong(6 * MILLI)) {
      double[] positions = positions(random);
      long stamp = at - random.nextLong(5 * MILLI);
      states.put(stamp, positions);
      Header header = new Header(time(stamp), "");
      add("/joint_states", state(header, positions), at, stamp);
    }
    for (long at = START_NANOS; at < end; at += 12 * MILLI + random.nextLong(9 * MILLI)) {
      double[] positions = positions(random);
      commands.put(at, positions);
      MultiArrayLayout layout = new MultiArrayLayout(List.of(), 0);
      add("/arm_controller/commands", new Float64MultiArray(layout, positions), at, at);
    }
    shoot(SCENE, "rgb8", 33, end, random);
    shoot(WRIST, "bgr8", 58, end, random);
    sent.sort((a, b) -> Long.compare(a.logNanos, b.logNanos));
    write(success);
  }

  private double[] positions(Random random) {
    return random.doubles(robot.jointCount(), -1, 1).toArray();
  }

  private JointState state(Header header, double[] positions) {
    double[] none = {};
    return new JointState(header, robot.jointNames(), positions, none, none);
  }

  private void shoot(String topic, String encoding, long periodMillis, long end, Random random) {
    NavigableMap<Long, Integer> shots = new TreeMap<>();
    int level = 0;
    for (long at = START_NANOS + 55 * MILLI; at < end; at += periodMillis * MILLI) {
      long stamp = at - random.nextLong(40 * MILLI);
      at += random.nextLong(3 * MILLI);
      level = (level + 37) % 256;
      shots.put(stamp, level);
      byte[] data = new byte[3 * WIDTH * HEIGHT];
      int red = encoding.equals("rgb8") ? 0 : 2;
      for (int i = 0; i < WIDTH * HEIGHT; i++) {
        data[3 * i + red] = (byte) level;
        data[3 * i + 1] = (byte) (255 - level);
        data[3 * i + 2 - red] = (byte) 128;
      }
      Header header = new Header(time(stamp), "camera");
      Image image = new Image(header, HEIGHT, WIDTH, encoding, (byte) 0, 3 * WIDTH, data);
      add(topic, image, at, stamp);
    }
    pictures.put(topic, shots);
  }

  private static Time time(long nanos) {
    return new Time((int) (nanos / 1_000_000_000), (int) (nanos % 1_000_000_000));
  }

  private void add(String topic, Message message, long logNanos, long stampNanos) {
    sent.add(new Sent(topic, message, logNanos, stampNanos));
  }

  private void write(boolean success) throws IOException {
    try (McapWriter writer =
        new McapWriter(FileChannel.open(file, CREATE_NEW, WRITE), "ros2", "test", 1)) {
      writer.metadata(
          EpisodeInfo.RECORD,
          Map.of("name", "x", "task", "lift", "robot", robot.name(), "bundle", "expert"));
      Map<String, Integer> channels = new HashMap<>();
      CdrWriter cdr = new CdrWriter(3 * WIDTH * HEIGHT + 1000);
      for (Sent each : sent) {
        Integer channel = channels.get(each.topic);
        if (channel == null) {
          MessageType type = each.message.messageType();
          int schema = writer.addSchema(type.name(), "ros2msg", type.definition());
          channel = writer.addChannel(schema, each.topic, "cdr", Map.of());
          channels.put(each.topic, channel);
        }
        each.message.encode(cdr);
        writer.message(
            channel,
            each.logNanos,
            each.stampNanos,
            cdr.segment().asByteBuffer(),
            0,
            Math.toIntExact(cdr.length()));
        if (writer.chunkBytes() > 200_000) {
          writer.closeChunk();
        }
      }
      String result = success ? "success" : "failure";
      writer.metadata(EpisodeOutcome.RECORD, Map.of("result", result, "dropped", "0"));
      writer.finish();
    }
  }
}
