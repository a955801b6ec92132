package dev.forearm.runtime.agent;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a real-time thread measures of itself: how regularly it starts, how long it works, how many
 * deadlines it missed and how many bytes it allocates. Written by that thread without waiting or
 * allocating; read by any.
 *
 * <p>Everything counts from the first cycle on. Bytes are all that the thread allocated between one
 * cycle's start and the next one's.
 */
public final class CycleStatistics {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final NanosHistogram periods = new NanosHistogram();
  private final NanosHistogram wakes = new NanosHistogram();
  private final NanosHistogram work = new NanosHistogram();

  private volatile long cycles;
  private volatile long missed;
  private volatile long firstNanos;
  private volatile long lastNanos;
  private volatile long firstBytes;
  private volatile long lastBytes;

  /** A summary so far; zeros before the second cycle. */
  public CycleSummary summary() {
    long counted = cycles;
    long seconds = lastNanos - firstNanos;
    return new CycleSummary(
        counted,
        missed,
        counted < 2 ? 0 : (counted - 1) * 1e9 / seconds,
        micros(periods, 50),
        micros(periods, 99),
        periods.max() / 1e3,
        micros(wakes, 50),
        micros(wakes, 99),
        wakes.max() / 1e3,
        micros(work, 50),
        micros(work, 99),
        work.max() / 1e3,
        counted < 2 ? Double.NaN : (double) (lastBytes - firstBytes) / (counted - 1));
  }

  /** Time from cycle to cycle. Any thread. */
  public NanosHistogram periods() {
    return periods;
  }

  /** Time from when a cycle was due to when it began. Any thread. */
  public NanosHistogram wakes() {
    return wakes;
  }

  void begin(long now, long lateNanos) {
    wakes.record(lateNanos);
    long count = cycles + 1; // single writer
    if (count == 1) {
      firstNanos = now;
    } else {
      periods.record(now - lastNanos);
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    if (count == 1) {
      firstBytes = bytes;
    }
    lastBytes = bytes;
    lastNanos = now;
    cycles = count;
  }

  void end(long now) {
    work.record(now - lastNanos);
  }

  void missed(long deadlines) {
    long next = missed + deadlines; // single writer
    missed = next;
  }

  private static double micros(NanosHistogram histogram, double percent) {
    return histogram.percentile(percent) / 1e3;
  }
}
