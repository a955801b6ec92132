package dev.forearm.ros.robot;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.std_msgs.Int64MultiArray;
import dev.forearm.ros.tf.TransformTopics;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.ImageSlot;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The signals of a recorded episode. Its messages are decoded as they were when they came, by the
 * same receivers, but every value is kept for some time, so that each loop can be shown exactly
 * those that it read, in whatever order threads took turns. One thread's.
 *
 * <pre>
 *   messages --receive--&gt; RobotBridge --&gt; signals --&gt; values by number --show--&gt; {@link #shown}
 * </pre>
 */
public final class RecordedSignals implements AutoCloseable {
  private static final int KEPT_VALUES = 8192; // of each signal: no loop is seconds behind
  private static final int KEPT_PICTURES = 64;

  /**
   * When a value is from.
   *
   * @param stampNanos the publisher's stamp
   * @param receivedNanos on the runtime's clock
   */
  public record Stamps(long stampNanos, long receivedNanos) {}

  @SuppressWarnings("ArrayRecordComponent") // held, never compared
  private record Value(Stamps stamps, double[] values) {}

  /** One signal's values by their numbers. */
  private static final class History {
    final SignalSlot from;
    final SignalSlot to;
    final SignalReading reading;
    final NavigableMap<Long, Value> values = new TreeMap<>();
    long offset; // of the episode's numbers from those of this slot's
    long seen;
    long shown;

    History(SignalSlot from, SignalSlot to) {
      this.from = from;
      this.to = to;
      reading = new SignalReading(from.width());
    }

    void look() {
      if (from.read(reading) && reading.sequence() != seen) {
        seen = reading.sequence();
        Stamps stamps = new Stamps(reading.stampNanos(), reading.receivedNanos());
        put(seen + offset, new Value(stamps, reading.values().clone()));
      }
    }

    void put(long version, Value value) {
      values.put(version, value);
      if (values.size() > KEPT_VALUES) {
        values.pollFirstEntry();
      }
    }
  }

  /** One image's pictures by their arrival. */
  private record Gallery(ImageSlot from, ImageSlot to, NavigableMap<Long, ImageTensor> pictures) {
    void look() {
      ImageTensor newest = from.newest();
      if (newest != null && !pictures.containsKey(newest.receivedNanos())) {
        pictures.put(newest.receivedNanos(), copy(newest, new ImageTensor(newest.source())));
        if (pictures.size() > KEPT_PICTURES) {
          pictures.pollFirstEntry();
        }
      }
    }

    static ImageTensor copy(ImageTensor from, ImageTensor to) {
      to.values().copyFrom(from.values());
      to.stamp(from.stampNanos(), from.receivedNanos());
      return to;
    }
  }

  private final InProcessTransport transport = new InProcessTransport(this::nanos);
  private final RobotBridge bridge;
  private final RobotSignals shown;
  private final Map<String, History> histories = new HashMap<>();
  private final Map<String, List<Gallery>> galleries = new HashMap<>();
  private final Map<String, Publication> publications = new HashMap<>();
  private long nanos;

  /**
   * @param features what the policy observes
   */
  public RecordedSignals(Robot robot, List<Feature> features) {
    RobotSignals decoded = new RobotSignals(robot, features);
    shown = new RobotSignals(robot, features);
    bridge = new RobotBridge(robot, decoded, transport, Optional.empty());
    for (int i = 0; i < decoded.slots().size(); i++) {
      History history = new History(decoded.slots().get(i), shown.slots().get(i));
      histories.put(history.from.name(), history);
    }
    decoded
        .images()
        .forEach((source, slot) -> {
          ImageSlot to = Objects.requireNonNull(shown.images().get(source));
          galleries.merge(
              source.topic(),
              List.of(new Gallery(slot, to, new TreeMap<>())),
              (one, other) -> Stream.of(one, other).flatMap(List::stream).toList());
        });
    for (Subscription subscription : bridge.subscriptions()) {
      publications.computeIfAbsent(
          subscription.topic(),
          topic -> transport.advertise(topic, subscription.type(), Qos.DEFAULT));
    }
  }

  /** What the loops read. */
  public RobotSignals shown() {
    return shown;
  }

  /**
   * Takes a message, if it is of a topic that the robot's signals come from.
   *
   * @param receivedNanos when it came, on the runtime's clock
   */
  public void receive(String topic, long receivedNanos, MemorySegment cdr) {
    nanos = receivedNanos;
    switch (topic) {
      case StartingSignals.TOPIC -> begin(Int64MultiArray.decode(cdr));
      case TransformReceiver.STARTING_MOVING, TransformTopics.MOVING -> {
        bridge.takeTransforms(cdr, false);
        histories.values().forEach(History::look); // poses may have waited for it
      }
      case TransformReceiver.STARTING_STATIC, TransformTopics.STATIC -> {
        bridge.takeTransforms(cdr, true);
        histories.values().forEach(History::look);
      }
      default -> publish(topic, cdr);
    }
  }

  private void publish(String topic, MemorySegment cdr) {
    Publication publication = publications.get(topic);
    if (publication != null) {
      publication.publish(cdr, cdr.byteSize());
      histories.values().forEach(History::look);
      galleries.values().forEach(all -> all.forEach(Gallery::look));
    }
  }

  private void begin(Int64MultiArray start) {
    String name = start.layout().dim().getFirst().label();
    long[] data = start.data();
    if (name.equals(StartingSignals.JOINTS)) {
      bridge.resume(data);
      return;
    }
    History history = histories.get(name);
    if (history != null && data.length == StartingSignals.VALUES + history.from.width()) {
      double[] values =
          Arrays.stream(data, StartingSignals.VALUES, data.length)
              .mapToDouble(Double::longBitsToDouble)
              .toArray();
      history.offset = data[0] - history.seen;
      history.put(data[0], new Value(new Stamps(data[1], data[2]), values));
      if (shown.takeover().map(SignalSlot::name).equals(Optional.of(name))) {
        bridge.resumeTakeover(values, data[2]);
      }
    }
  }

  /** Whether a value is known, by its number; of an image by its arrival. */
  public boolean has(String signal, long version) {
    return stamps(signal, version) != null || version == 0;
  }

  /** When a value was measured and when it came; null if it is not known. */
  public @Nullable Stamps stamps(String signal, long version) {
    List<Gallery> gallery = galleries.get(signal);
    if (gallery != null) {
      ImageTensor picture = gallery.getFirst().pictures.get(version);
      return picture == null ? null : new Stamps(picture.stampNanos(), picture.receivedNanos());
    }
    History history = histories.get(signal);
    Value value = history == null ? null : history.values.get(version);
    return value == null ? null : value.stamps;
  }

  /** Has the loops read that value from now on. It {@link #has} it. */
  public void show(String signal, long version) {
    for (Gallery gallery : galleries.getOrDefault(signal, List.of())) {
      ImageTensor picture = gallery.pictures.get(version);
      if (picture != null) {
        Gallery.copy(picture, gallery.to.back());
        gallery.to.publish();
      }
    }
    History history = histories.get(signal);
    if (history != null && history.shown != version) {
      Value value = history.values.get(version);
      if (value != null) {
        history.to.write(value.values, 0, value.stamps.stampNanos, value.stamps.receivedNanos);
        history.shown = version;
      }
    }
  }

  private long nanos() {
    return nanos;
  }

  @Override
  public void close() {
    bridge.close();
    transport.close();
  }
}
