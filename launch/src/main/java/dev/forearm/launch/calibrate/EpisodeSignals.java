package dev.forearm.launch.calibrate;

import boofcv.struct.image.GrayF32;
import dev.forearm.calibration.latency.Series;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.mcap.McapChannel;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Joint states and images of an episode, by their own stamps. */
final class EpisodeSignals {
  /** An arm rests if no joint has moved further in this time before and after. */
  private static final long REST_NANOS = 250_000_000;

  private static final double REST_MAX = 5e-4; // rad or m

  private final Path file;
  private final Robot robot;
  private final Map<String, NavigableMap<Long, Double>> positions = new HashMap<>();
  private final List<Double> stateAgesMs = new ArrayList<>();

  private EpisodeSignals(Path file, Robot robot) {
    this.file = file;
    this.robot = robot;
    robot.jointNames().forEach(joint -> positions.put(joint, new TreeMap<>()));
  }

  /**
   * Reads the joint states.
   *
   * @throws LaunchFailure if a joint has none
   */
  static EpisodeSignals read(Path file, Robot robot) {
    EpisodeSignals signals = new EpisodeSignals(file, robot);
    Set<String> topics =
        robot.groups().stream().map(JointGroup::states).collect(Collectors.toSet());
    try (McapReader reader = McapReader.open(file)) {
      reader.read(
          topics,
          (_, _, logNanos, stampNanos, payload) ->
              signals.take(JointState.decode(copy(payload)), logNanos, stampNanos));
    }
    signals.positions.forEach((joint, series) -> {
      if (series.isEmpty()) {
        throw new LaunchFailure(
            "calibrate: %s has no position of joint '%s' on %s; record with this robot's topics"
                .formatted(file, joint, topics));
      }
    });
    return signals;
  }

  private void take(JointState state, long logNanos, long stampNanos) {
    stateAgesMs.add((logNanos - stampNanos) * 1e-6);
    for (int i = 0; i < Math.min(state.name().size(), state.position().length); i++) {
      NavigableMap<Long, Double> series = positions.get(state.name().get(i));
      if (series != null) {
        series.put(nanos(state.header(), stampNanos), state.position()[i]);
      }
    }
  }

  /** From the stamp of each joint state to its arrival, ms, ascending. */
  double[] stateAgesMs() {
    return stateAgesMs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** A joint's positions over time. */
  Series positions(String joint) {
    NavigableMap<Long, Double> series = Objects.requireNonNull(positions.get(joint));
    return new Series(
        series.keySet().stream().mapToLong(Long::longValue).toArray(),
        series.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Hands on each picture that was taken while the arm rested, one of each rest. */
  void picturesAtRest(String topic, Consumer<Picture> each) {
    List<Long> taken = new ArrayList<>();
    long start = positions(robot.jointNames().getFirst()).nanos()[0];
    pictures(
        topic,
        (stamp, gray) -> {
          if (rests(stamp) && (taken.isEmpty() || movedBetween(taken.getLast(), stamp))) {
            taken.add(stamp);
            String name = String.format(Locale.ROOT, "picture at %.1f s", (stamp - start) * 1e-9);
            each.accept(new Picture(name, gray.get(), at(stamp)));
          }
        });
  }

  /** A picture that is decoded only if somebody wants it. */
  interface Undecoded {
    GrayF32 get();
  }

  /** Hands on every picture of a topic and its stamp. */
  void pictures(String topic, BiConsumer<Long, Undecoded> each) {
    boolean[] some = new boolean[1];
    try (McapReader reader = McapReader.open(file)) {
      reader.read(
          Set.of(topic),
          (channel, _, _, stampNanos, payload) -> {
            some[0] = true;
            MemorySegment cdr = copy(payload);
            each.accept(nanos(header(channel, cdr), stampNanos), () -> decode(channel, cdr));
          });
    }
    if (!some[0]) {
      throw new LaunchFailure(
          "calibrate: %s has no message on %s; name a camera's topic that was recorded"
              .formatted(file, topic));
    }
  }

  private static Header header(McapChannel channel, MemorySegment cdr) {
    return isCompressed(channel)
        ? CompressedImage.decode(cdr).header()
        : Image.decode(cdr).header();
  }

  /** By its header; where nobody filled that in, when it was sent. */
  private static long nanos(Header header, long sentNanos) {
    long stamp = header.stamp().sec() * 1_000_000_000L + header.stamp().nanosec();
    return stamp == 0 ? sentNanos : stamp;
  }

  private static boolean isCompressed(McapChannel channel) {
    return channel.topic().endsWith("/compressed");
  }

  private static GrayF32 decode(McapChannel channel, MemorySegment cdr) {
    if (isCompressed(channel)) {
      return Picture.decode(channel.topic(), CompressedImage.decode(cdr).data());
    }
    Image image = Image.decode(cdr);
    return Picture.decode(
        channel.topic(),
        image.width(),
        image.height(),
        image.step(),
        image.encoding(),
        image.data());
  }

  /** All joints at a time, in command order. */
  double[] at(long nanos) {
    return robot.jointNames().stream().mapToDouble(joint -> at(joint, nanos)).toArray();
  }

  private double at(String joint, long nanos) {
    NavigableMap<Long, Double> series = Objects.requireNonNull(positions.get(joint));
    Map.Entry<Long, Double> before = series.floorEntry(nanos);
    Map.Entry<Long, Double> after = series.ceilingEntry(nanos);
    if (before == null || after == null || before.getKey().equals(after.getKey())) {
      return Objects.requireNonNull(before == null ? after : before).getValue();
    }
    double part = (double) (nanos - before.getKey()) / (after.getKey() - before.getKey());
    return before.getValue() + part * (after.getValue() - before.getValue());
  }

  private boolean rests(long nanos) {
    return positions.values().stream()
        .allMatch(series -> {
          NavigableMap<Long, Double> around =
              series.subMap(nanos - REST_NANOS, true, nanos + REST_NANOS, true);
          return !around.isEmpty()
              && series.firstKey() <= nanos - REST_NANOS
              && series.lastKey() >= nanos + REST_NANOS
              && spread(around) <= REST_MAX;
        });
  }

  private boolean movedBetween(long from, long to) {
    return positions.values().stream()
        .anyMatch(series -> spread(series.subMap(from, true, to, true)) > 10 * REST_MAX);
  }

  private static double spread(NavigableMap<Long, Double> series) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : series.values()) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    return most - least;
  }

  private static MemorySegment copy(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
