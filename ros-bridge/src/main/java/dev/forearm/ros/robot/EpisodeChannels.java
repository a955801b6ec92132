package dev.forearm.ros.robot;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.runtime.episode.Channel;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecordRing;
import dev.forearm.runtime.episode.TopicQos;
import java.util.function.LongConsumer;

/**
 * The way into one recorder: a ring for each of the runtime's threads (receive, inference, control)
 * and a channel for each topic. Full rings drop and count; nobody waits.
 */
public final class EpisodeChannels {
  private static final int RECEIVE_BYTES = 16 << 20; // half a second of 1 MB images at 30 Hz
  private static final int LOOP_BYTES = 1 << 20;

  private final EpisodeRecorder recorder;
  private final RecordRing received;
  private final RecordRing inferred;
  private final RecordRing controlled;
  private LongConsumer beginning = nanos -> {};
  private long episodes; // begun, as far as the receive thread has seen

  public EpisodeChannels(EpisodeRecorder recorder) {
    this.recorder = recorder;
    received = recorder.ring("receive", RECEIVE_BYTES);
    inferred = recorder.ring("inference", LOOP_BYTES);
    controlled = recorder.ring("control", LOOP_BYTES);
  }

  /** A handler that lets {@code receiver} take each message and records those it accepts. */
  CdrHandler recording(String topic, MessageType type, Qos qos, Receiver receiver) {
    return recording(channel(topic, type, qos), receiver);
  }

  /** The same, of a topic whose last message before an episode is wanted in it too. */
  CdrHandler recordingWithPast(String topic, MessageType type, Qos qos, Receiver receiver) {
    return recording(recorder.channelWithPast(described(topic, type, qos)), receiver);
  }

  private CdrHandler recording(int channel, Receiver receiver) {
    return new TopicHandler((cdr, receivedNanos, publisher) -> {
      long begun = recorder.episodes();
      if (begun != episodes) {
        episodes = begun;
        beginning.accept(receivedNanos);
      }
      long stamp = receiver.receive(cdr, receivedNanos, publisher);
      received.offer(channel, receivedNanos, stamp, cdr, 0, cdr.byteSize());
      return stamp;
    });
  }

  /** Has {@code then} told, before the first message of each episode is taken, when that came. */
  void atBeginning(LongConsumer then) {
    beginning = beginning.andThen(then);
  }

  /** A topic that the receive thread writes. */
  Track receive(String topic, MessageType type) {
    return new Track(received, channel(topic, type, Qos.DEFAULT));
  }

  /** A topic that the inference thread writes. */
  Track inference(String topic, MessageType type) {
    return new Track(inferred, channel(topic, type, Qos.DEFAULT));
  }

  /** A topic that the control thread writes. */
  Track control(String topic, MessageType type) {
    return new Track(controlled, channel(topic, type, Qos.DEFAULT));
  }

  /** Takes note that one of the runtime's threads writes no more. Any thread; never waits. */
  void failed(Throwable cause) {
    recorder.producerFailed(cause);
  }

  private int channel(String topic, MessageType type, Qos qos) {
    return recorder.channel(described(topic, type, qos));
  }

  private static Channel described(String topic, MessageType type, Qos qos) {
    return new Channel(
        topic,
        type.name(),
        type.definition(),
        type.hash(),
        new TopicQos(
            qos.reliability() == Qos.Reliability.RELIABLE,
            qos.durability() == Qos.Durability.TRANSIENT_LOCAL,
            qos.depth()));
  }

  /** One topic of one thread's ring. */
  static final class Track {
    private final RecordRing ring;
    private final int channel;

    private Track(RecordRing ring, int channel) {
      this.ring = ring;
      this.channel = channel;
    }

    void write(CdrWriter message, long nanos) {
      ring.offer(channel, nanos, 0, message.segment(), 0, message.length());
    }
  }
}
