package dev.forearm.runtime.agent;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the virtual machine paused all threads, as JDK Flight Recorder tells, about a second later
 * and on a thread of its own. Any thread may ask.
 */
public final class VmPauses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VmPauses.class);
  private static final int KEPT = 4096;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Deque<Pause> pauses = new ArrayDeque<>();
  private final Map<Long, Long> begun = new HashMap<>(); // safepoints under way, by number
  private long collectedNanos = Long.MIN_VALUE; // when the collector's last pause ended
  private final Optional<RecordingStream> stream;
  private final long offsetNanos; // monotonic less wall clock
  private long flushedNanos = Long.MIN_VALUE;
  private volatile long knownUntilNanos;

  private record Pause(OverrunCause cause, long fromNanos, long toNanos) {
    long within(long from, long to) {
      return Math.min(to, toNanos) - Math.max(from, fromNanos);
    }
  }

  private VmPauses(Optional<RecordingStream> stream, long knownUntilNanos) {
    this.stream = stream;
    this.knownUntilNanos = knownUntilNanos;
    offsetNanos = System.nanoTime() - epochNanos(Instant.now());
  }

  /** Knows of none. */
  public static VmPauses none() {
    return new VmPauses(Optional.empty(), Long.MAX_VALUE);
  }

  /** Watches from now on. Where there is no flight recorder, no pause is known. */
  public static VmPauses watch() {
    RecordingStream stream;
    try {
      stream = new RecordingStream();
    } catch (IllegalStateException | SecurityException e) {
      LOG.warn("late cycles are not told from pauses of the virtual machine: {}", e.toString());
      return none();
    }
    VmPauses pauses = new VmPauses(Optional.of(stream), Long.MIN_VALUE);
    stream.enable("jdk.GCPhasePause").withoutThreshold();
    stream.enable("jdk.SafepointBegin").withoutThreshold();
    stream.enable("jdk.SafepointEnd").withoutThreshold();
    stream.onEvent("jdk.GCPhasePause", pauses::collected);
    stream.onEvent("jdk.SafepointBegin", pauses::stopping);
    stream.onEvent("jdk.SafepointEnd", pauses::wentOn);
    stream.onFlush(pauses::flushed);
    stream.setReuse(true);
    stream.startAsync();
    return pauses;
  }

  /** Every pause that ended before is known. */
  public long knownUntilNanos() {
    return knownUntilNanos;
  }

  /** The kind of pause that took most of the time between these, if one did. */
  synchronized Optional<OverrunCause> cause(long fromNanos, long toNanos) {
    return pauses.stream()
        .filter(pause -> 2 * pause.within(fromNanos, toNanos) > toNanos - fromNanos)
        .map(Pause::cause)
        .findFirst();
  }

  @Override
  public void close() {
    stream.ifPresent(RecordingStream::close);
  }

  synchronized void add(OverrunCause cause, long fromNanos, long toNanos) {
    if (pauses.size() == KEPT) {
      pauses.removeFirst();
    }
    pauses.addLast(new Pause(cause, fromNanos, toNanos));
  }

  private void collected(RecordedEvent event) {
    collectedNanos = monotonic(event.getEndTime());
  }

  private void stopping(RecordedEvent event) {
    begun.put(event.getLong("safepointId"), monotonic(event.getStartTime()));
  }

  private void wentOn(RecordedEvent event) {
    Long from = begun.remove(event.getLong("safepointId"));
    if (from != null) {
      boolean collects = collectedNanos > from;
      add(
          collects ? OverrunCause.GARBAGE_COLLECTION : OverrunCause.SAFEPOINT,
          from,
          monotonic(event.getEndTime()));
    }
  }

  /** What was committed before the last time has come by now. */
  private void flushed() {
    knownUntilNanos = flushedNanos;
    flushedNanos = System.nanoTime();
  }

  private long monotonic(Instant then) {
    return epochNanos(then) + offsetNanos;
  }

  private static long epochNanos(Instant then) {
    return then.getEpochSecond() * NANOS_PER_SECOND + then.getNano();
  }
}
