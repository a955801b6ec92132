package dev.forearm.viewer.replay;

import dev.forearm.runtime.mcap.McapReader;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The messages of an episode's cameras, of which about a second at a time is held in memory. */
public final class Pictures {
  private static final long BACK_NANOS = 500_000_000; // older than that, a picture is none
  private static final long AHEAD_NANOS = 500_000_000;

  /**
   * A picture's message.
   *
   * @param nanos when it came
   * @param cdr the message
   */
  public record Picture(long nanos, MemorySegment cdr) {}

  private final McapReader reader;
  private final Set<String> topics;
  private final Map<String, NavigableMap<Long, MemorySegment>> held = new HashMap<>();
  private long fromNanos = Long.MAX_VALUE;
  private long toNanos = Long.MIN_VALUE;

  /**
   * @param reader of the episode; stays the caller's
   * @param topics image topics
   */
  public Pictures(McapReader reader, List<String> topics) {
    this.reader = reader;
    this.topics = new HashSet<>(topics);
  }

  /**
   * The newest picture of a topic at a time on the episode's clock; null if there was none lately.
   */
  public @Nullable Picture at(String topic, long nanos) {
    if (nanos < fromNanos + BACK_NANOS || nanos > toNanos) {
      load(nanos);
    }
    NavigableMap<Long, MemorySegment> pictures = held.get(topic);
    Map.Entry<Long, MemorySegment> newest = pictures == null ? null : pictures.floorEntry(nanos);
    return newest == null || newest.getKey() < nanos - BACK_NANOS
        ? null
        : new Picture(newest.getKey(), newest.getValue());
  }

  private void load(long nanos) {
    fromNanos = nanos - BACK_NANOS;
    toNanos = nanos + AHEAD_NANOS;
    held.clear();
    reader.read(
        topics,
        fromNanos,
        toNanos,
        (channel, _, logNanos, _, payload) -> {
          byte[] bytes = new byte[payload.remaining()];
          payload.duplicate().get(bytes);
          held.computeIfAbsent(channel.topic(), _ -> new TreeMap<>())
              .put(logNanos, MemorySegment.ofArray(bytes));
        });
  }
}
