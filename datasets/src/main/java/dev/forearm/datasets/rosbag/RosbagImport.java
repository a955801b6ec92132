package dev.forearm.datasets.rosbag;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.ImportedEpisode;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.image.CompressedDecoder;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.robot.CommandMessages;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.mcap.McapChannel;
import dev.forearm.runtime.mcap.McapSchema;
import dev.forearm.runtime.mcap.McapVisitor;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes an episode of a rosbag2 bag: every message as it travelled, at the time that the bag has,
 * on the topic of the robot file or its own. What the joints were told and what they did must be
 * among it. On the caller's thread.
 */
public final class RosbagImport {
  private final Bag bag;
  private final Robot robot;
  private final Map<String, String> renamed;
  private final Path target;
  private final Map<String, MessageType> types = new LinkedHashMap<>(); // of the robot's topics
  private final Map<McapChannel, Optional<Track>> tracks = new HashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>(); // messages by topic
  private final Map<String, String> leftOut = new LinkedHashMap<>(); // why, by topic

  /**
   * What becomes of a bag's topic.
   *
   * @param stamped whether its messages begin with their publisher's stamp
   */
  private record Track(String topic, McapSchema schema, boolean stamped) {}

  /**
   * @param place a bag's folder, or one of its files
   * @param renamed topics of the robot by topics of the bag, where they differ
   * @param target folder for the episode
   * @throws DatasetFault if there is no bag
   */
  public RosbagImport(Path place, Robot robot, Map<String, String> renamed, Path target) {
    this.bag = Bag.open(place);
    this.robot = robot;
    this.renamed = Map.copyOf(renamed);
    this.target = target;
    for (JointGroup group : robot.groups()) {
      types.put(group.states(), JointState.TYPE);
      types.put(group.command().recordedTopic(), CommandMessages.recorded(group.command()));
    }
    for (String topic : robot.topics().cameras()) {
      boolean compressed = CompressedDecoder.of(topic).isPresent();
      types.put(topic, compressed ? CompressedImage.TYPE : Image.TYPE);
    }
    types.put(robot.topics().objects(), PoseArray.TYPE);
    types.put(robot.topics().objectNames(), dev.forearm.ros.msg.std_msgs.String.TYPE);
  }

  /**
   * Imports.
   *
   * @param task that the episode gets; empty: the bag's name
   * @param said told in a line what it holds, and of each topic that was left out
   * @throws DatasetFault if it lacks states or commands of the robot, has other messages on their
   *     topics, or cannot be read
   * @throws dev.forearm.runtime.RuntimeFault if a joint is in none of them, or MCAP is damaged
   */
  public Path run(String task, Consumer<String> said) {
    String name = bag.name();
    try (ImportedEpisode episode =
        new ImportedEpisode(target, name, task.isEmpty() ? name : task, robot, bag.place())) {
      bag.read(target, copyingTo(episode));
      requireMotion();
      MotionReader.read(episode.complete("unknown"), robot); // or nothing can be learned from it
      leftOut.forEach((topic, why) -> said.accept("left out %s: %s".formatted(topic, why)));
      robot.topics().cameras().stream()
          .filter(topic -> !counts.containsKey(topic))
          .forEach(topic -> said.accept("no message on %s".formatted(topic)));
      Path file = episode.keep();
      long messages = counts.values().stream().mapToLong(Long::longValue).sum();
      said.accept(
          "%s: %s messages on %s topics".formatted(file.getFileName(), messages, counts.size()));
      return file;
    } catch (IOException e) {
      throw new DatasetFault("import %s: %s".formatted(bag.place(), e), e);
    }
  }

  private McapVisitor copyingTo(ImportedEpisode episode) {
    CdrReader cdr = new CdrReader();
    return (channel, _, logNanos, publishNanos, payload) -> {
      Optional<Track> found = tracks.computeIfAbsent(channel, this::track);
      if (found.isPresent()) {
        Track track = found.get();
        long stamp = track.stamped ? stampNanos(cdr, payload) : publishNanos;
        long sent = stamp == 0 ? logNanos : stamp;
        episode.write(track.topic, track.schema, channel.metadata(), logNanos, sent, payload);
        counts.merge(track.topic, 1L, Long::sum);
      }
    };
  }

  /** Empty if the topic is left out, as nobody could read it. */
  private Optional<Track> track(McapChannel channel) {
    String topic = renamed.getOrDefault(channel.topic(), channel.topic());
    String type = channel.schema().name();
    requireType(channel, topic);
    Optional<MessageType> known = builtIn(type);
    McapSchema schema = channel.schema();
    if (schema.text().isEmpty() && known.isPresent()) { // bags of before Iron define none
      schema = new McapSchema(0, type, "ros2msg", known.get().definition());
    }
    if (!channel.messageEncoding().equals("cdr")) {
      leftOut.put(topic, "its messages are not CDR but '%s'".formatted(channel.messageEncoding()));
    } else if (schema.text().isEmpty()) {
      leftOut.put(topic, "the bag does not define %s".formatted(type));
    } else {
      return Optional.of(
          new Track(topic, schema, known.filter(RosbagImport::hasHeader).isPresent()));
    }
    return Optional.empty();
  }

  private void requireType(McapChannel channel, String topic) {
    MessageType wanted = types.get(topic);
    if (wanted == null) {
      return;
    }
    String found = channel.schema().name();
    String hash = channel.metadata().getOrDefault("topic_type_hash", "");
    if (!found.equals(wanted.name()) || !(hash.isEmpty() || hash.equals(wanted.hash()))) {
      throw new DatasetFault(
          "import %s: %s has messages of %s%s, robot '%s' wants %s; name the topic that has them with --topic"
              .formatted(
                  bag.place(),
                  channel.topic(),
                  found,
                  found.equals(wanted.name()) ? " of another definition" : "",
                  robot.name(),
                  wanted));
    }
  }

  private static Optional<MessageType> builtIn(String type) {
    try {
      return Optional.of(MessageType.named(type));
    } catch (RosFault none) {
      return Optional.empty();
    }
  }

  private static boolean hasHeader(MessageType type) {
    return !type.fields().isEmpty() && Header.TYPE.equals(type.fields().getFirst().nested());
  }

  /** Of a message that begins with a header. */
  private static long stampNanos(CdrReader cdr, ByteBuffer payload) {
    Time.Buffer stamp = new Time.Buffer();
    cdr.wrap(MemorySegment.ofBuffer(payload));
    stamp.read(cdr);
    return RosTime.nanos(stamp);
  }

  private void requireMotion() {
    for (JointGroup group : robot.groups()) {
      require(group.states(), "states", group);
      require(group.command().recordedTopic(), "commands", group);
    }
  }

  private void require(String topic, String what, JointGroup group) {
    if (!counts.containsKey(topic)) {
      String found =
          tracks.keySet().stream()
              .map(channel -> "%s (%s)".formatted(channel.topic(), channel.schema().name()))
              .sorted()
              .collect(Collectors.joining(", "));
      throw new DatasetFault(
          "import %s: no message on %s, wanted the %s of joint group '%s'; the bag has %s: name the one with --topic THERE=%s"
              .formatted(bag.place(), topic, what, group.name(), found, topic));
    }
  }
}
