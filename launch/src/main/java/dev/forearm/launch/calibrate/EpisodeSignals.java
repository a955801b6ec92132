package dev.forearm.launch.calibrate;

import boofcv.struct.image.GrayF32;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.capture.JointTrack;
import dev.forearm.launch.capture.Picture;
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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Joint states and images of an episode, by their own stamps. */
final class EpisodeSignals {
  /** An arm rests if it did so for this time before and after. */
  private static final long REST_NANOS = 250_000_000;

  private final Path file;
  private final Robot robot;
  private final JointTrack track;
  private final List<Double> stateAgesMs = new ArrayList<>();

  private EpisodeSignals(Path file, Robot robot) {
    this.file = file;
    this.robot = robot;
    track = new JointTrack(robot);
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
    if (!signals.track.silent().isEmpty()) {
      throw new LaunchFailure(
          "calibrate: %s has no position of joint '%s' on %s; record with this robot's topics"
              .formatted(file, signals.track.silent().getFirst(), topics));
    }
    return signals;
  }

  private void take(JointState state, long logNanos, long stampNanos) {
    stateAgesMs.add((logNanos - stampNanos) * 1e-6);
    track.take(nanos(state.header(), stampNanos), state);
  }

  /** From the stamp of each joint state to its arrival, ms, ascending. */
  double[] stateAgesMs() {
    return stateAgesMs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** Where the joints were, by the stamps of their states. */
  JointTrack track() {
    return track;
  }

  /** Hands on each picture that was taken while the arm rested, one of each place. */
  void picturesAtRest(String topic, Consumer<Picture> each) {
    List<double[]> places = new ArrayList<>();
    long start = track.positions(robot.jointNames().getFirst()).nanos()[0];
    pictures(
        topic,
        (stamp, gray) ->
            track
                .rest(stamp - REST_NANOS, stamp + REST_NANOS)
                .filter(at -> places.isEmpty() || JointTrack.apart(places.getLast(), at))
                .ifPresent(at -> {
                  places.add(at);
                  String name =
                      String.format(Locale.ROOT, "picture at %.1f s", (stamp - start) * 1e-9);
                  each.accept(new Picture(name, gray.get(), at));
                }));
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
            each.accept(
                nanos(header(channel, cdr), stampNanos),
                () -> Picture.decode(channel.topic(), cdr));
          });
    }
    if (!some[0]) {
      throw new LaunchFailure(
          "calibrate: %s has no message on %s; name a camera's topic that was recorded"
              .formatted(file, topic));
    }
  }

  private static Header header(McapChannel channel, MemorySegment cdr) {
    return Picture.isCompressed(channel.topic())
        ? CompressedImage.decode(cdr).header()
        : Image.decode(cdr).header();
  }

  /** By its header; where nobody filled that in, when it was sent. */
  private static long nanos(Header header, long sentNanos) {
    long stamp = header.stamp().sec() * 1_000_000_000L + header.stamp().nanosec();
    return stamp == 0 ? sentNanos : stamp;
  }

  private static MemorySegment copy(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
