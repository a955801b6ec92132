package dev.forearm.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Time and bytes per call of short work: the median over batches, after a warm-up that lets the
 * compiler finish.
 *
 * @param nanos per call
 * @param bytes allocated per call
 */
record Timing(double nanos, double bytes) {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int BATCHES = 25;
  private static final long BATCH_NANOS = 40_000_000;
  private static final long WARM_UP_NANOS = 1_500_000_000;
  private static final int STRIDE = 100; // calls between two looks at the clock

  /** Work whose result is used, so that it cannot be optimised away. */
  @FunctionalInterface
  interface Work {
    long run();
  }

  static Timing of(Work work) {
    int calls = callsPerBatch(work);
    double[] nanos = new double[BATCHES];
    double[] bytes = new double[BATCHES];
    long sink = 0;
    for (int batch = 0; batch < BATCHES; batch++) {
      long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
      long started = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        sink += work.run();
      }
      nanos[batch] = (double) (System.nanoTime() - started) / calls;
      bytes[batch] = (double) (THREADS.getCurrentThreadAllocatedBytes() - bytesBefore) / calls;
    }
    if (sink == Long.MIN_VALUE) {
      throw new IllegalStateException("the sum of all results cannot be " + sink);
    }
    return new Timing(median(nanos), median(bytes));
  }

  /** Warms up, then says how many calls fill a batch. */
  private static int callsPerBatch(Work work) {
    long started = System.nanoTime();
    long calls = 0;
    long batchStarted = started;
    for (long now = started; now - started < WARM_UP_NANOS; now = System.nanoTime()) {
      if (now - batchStarted > BATCH_NANOS) {
        batchStarted = now;
        calls = 0;
      }
      long sink = 0;
      for (int i = 0; i < STRIDE; i++) {
        sink += work.run();
      }
      calls += sink == Long.MIN_VALUE ? 0 : STRIDE;
    }
    double nanosPerCall = (double) (System.nanoTime() - batchStarted) / Math.max(1, calls);
    return (int) Math.clamp(Math.round(BATCH_NANOS / nanosPerCall), 1L, 1 << 28);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
