package dev.forearm.ros.robot;

import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Int64MultiArray;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.mcap.McapChannel;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.mcap.McapVisitor;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An episode as it happened: messages as they came, policy steps and control cycles as they were
 * made, in the order of the runtime's clock. What happened at one time is told together, once
 * everything of that time is known. One thread's.
 */
public final class EpisodeTimeline {
  /** Is told. */
  public interface Reader {
    /** A message came in; it is the reader's own. */
    void received(String topic, long nanos, MemorySegment cdr);

    void stepped(RecordedStep step);

    void cycled(RecordedCycle cycle);
  }

  private EpisodeTimeline() {}

  /**
   * Reads an episode from its beginning to its end.
   *
   * @param episode stays the caller's
   * @param source the file, for messages
   * @throws RuntimeFault if it is damaged, or was recorded by a version that did not keep what each
   *     cycle went by
   */
  public static void read(McapReader episode, String source, Robot robot, Reader reader) {
    String offset = episode.metadata(EpisodeInfo.RECORD).get(EpisodeInfo.LOG_TIME_OFFSET);
    for (String topic : new String[] {CycleMessage.TOPIC, StepMessage.TOPIC}) {
      if (offset == null || episode.messageCount(topic) == 0) {
        throw new RuntimeFault(
            "read %s: it has no messages on %s, which older versions did not record; record an episode anew"
                .formatted(source, topic));
      }
    }
    Moments moments = new Moments(Long.parseLong(offset), robot, reader, source);
    episode.read(moments);
    moments.flush();
  }

  /** Gathers what belongs to one time. */
  private static final class Moments implements McapVisitor {
    private final long offsetNanos;
    private final Reader reader;
    private final String source;
    private final Map<String, SentCommands> groups;
    private final Map<String, Object> said = new HashMap<>();
    private final Map<String, double[]> commands = new HashMap<>();
    private @Nullable Int64MultiArray step;
    private @Nullable Int64MultiArray cycle;
    private @Nullable String safety;
    private long nanos = Long.MIN_VALUE;

    Moments(long offsetNanos, Robot robot, Reader reader, String source) {
      this.offsetNanos = offsetNanos;
      this.reader = reader;
      this.source = source;
      groups =
          robot.groups().stream()
              .collect(
                  Collectors.toMap(
                      (JointGroup group) -> group.command().recordedTopic(),
                      group -> new SentCommands(robot, group)));
    }

    @Override
    public void message(
        McapChannel channel, long sequence, long logNanos, long publishNanos, ByteBuffer payload) {
      if (logNanos - offsetNanos != nanos) {
        flush();
        nanos = logNanos - offsetNanos;
      }
      byte[] bytes = new byte[payload.remaining()];
      payload.duplicate().get(bytes);
      try {
        take(channel.topic(), MemorySegment.ofArray(bytes));
      } catch (RuntimeException e) {
        throw new RuntimeFault(
            "read %s: message %s on %s: %s"
                .formatted(source, sequence, channel.topic(), e.getMessage()),
            e);
      }
    }

    private void take(String topic, MemorySegment cdr) {
      SentCommands group = groups.get(topic);
      if (group != null) {
        commands.put(topic, group.decode(cdr));
        return;
      }
      switch (topic) {
        case StepMessage.TOPIC -> step = Int64MultiArray.decode(cdr);
        case CycleMessage.TOPIC -> cycle = Int64MultiArray.decode(cdr);
        case EpisodeTap.OBSERVATION, ForesightMessage.TOPIC ->
            said.put(topic, Float32MultiArray.decode(cdr).data());
        case EpisodeTap.EXPLORATION -> said.put(topic, Float64MultiArray.decode(cdr).data());
        case EpisodeTap.CHUNK -> {
          Float64MultiArray chunk = Float64MultiArray.decode(cdr);
          String label = chunk.layout().dim().getFirst().label();
          said.put(topic, new RecordedStep.Chunk(label, chunk.data()));
        }
        case EpisodeTap.DRIVER ->
            said.put(topic, dev.forearm.ros.msg.std_msgs.String.decode(cdr).data());
        case EpisodeTap.SAFETY -> {
          DiagnosticStatus status = DiagnosticStatus.decode(cdr);
          safety = status.values().get(0).value() + " " + status.values().get(1).value();
        }
        default -> reader.received(topic, nanos, cdr);
      }
    }

    void flush() {
      Int64MultiArray stepped = step;
      if (stepped != null) {
        String names = stepped.layout().dim().getFirst().label();
        reader.stepped(RecordedStep.of(nanos, names, stepped.data(), said));
      }
      Int64MultiArray cycled = cycle;
      if (cycled != null) {
        reader.cycled(
            RecordedCycle.of(
                nanos, cycled.data(), Map.copyOf(commands), Optional.ofNullable(safety)));
      }
      step = null;
      cycle = null;
      safety = null;
      said.clear();
      commands.clear();
    }
  }
}
