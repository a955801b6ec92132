package dev.forearm.runtime.control;

import java.util.Arrays;

/**
 * How long a chunk takes at most, as a rule, from the observation that it was planned from until it
 * is followed: the 95th percentile of the last {@value #WINDOW}. Too much costs little, too little
 * is a jump that cannot be taken back. Control thread; never allocates.
 */
final class DelayQuantile {
  private static final int WINDOW = 64;
  private static final double SHARE = 0.95;

  private final long[] newest = new long[WINDOW]; // a ring
  private final long[] sorted = new long[WINDOW];
  private int count;

  void record(long nanos) {
    newest[count % WINDOW] = nanos;
    count++;
    int known = Math.min(count, WINDOW);
    System.arraycopy(newest, 0, sorted, 0, known);
    Arrays.sort(sorted, 0, known);
  }

  /** Nanoseconds; what was recorded last is in it. */
  long nanos() {
    return sorted[(int) Math.ceil(SHARE * Math.min(count, WINDOW)) - 1];
  }
}
