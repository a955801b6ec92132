package dev.forearm.runtime.agent;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * A histogram of durations up to 100 s with three digits. One thread records, without waiting or
 * allocating; any thread reads what has been recorded so far.
 */
public final class NanosHistogram {
  private static final long HIGHEST_NANOS = 100_000_000_000L;
  private static final int DIGITS = 3;

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(HIGHEST_NANOS, DIGITS);
  private final Histogram total = new Histogram(HIGHEST_NANOS, DIGITS);
  private Histogram interval = recorder.getIntervalHistogram();

  /** Records one duration; the single writer only. */
  public void record(long nanos) {
    recorder.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
  }

  /** The duration in nanoseconds below which {@code percent} of all lie; 0 while empty. */
  public synchronized long percentile(double percent) {
    gather();
    return total.getTotalCount() == 0 ? 0 : total.getValueAtPercentile(percent);
  }

  /** The longest so far, nanoseconds. */
  public synchronized long max() {
    gather();
    return total.getMaxValue();
  }

  /** Adds what another has recorded so far. Any thread; not two of each other at once. */
  public synchronized void add(NanosHistogram that) {
    synchronized (that) {
      that.gather();
      total.add(that.total);
    }
  }

  /** How many were recorded. */
  public synchronized long count() {
    gather();
    return total.getTotalCount();
  }

  private void gather() {
    interval = recorder.getIntervalHistogram(interval);
    total.add(interval);
  }
}
