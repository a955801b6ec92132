package dev.forearm.runtime.control;

import java.util.Arrays;

/**
 * How long a chunk takes at most, as a rule, from the observation that it was planned from until it
 * is followed: the 95th percentile of the last {@value #WINDOW}. Too much costs little, too little
 * is a jump that cannot be taken back. Control thread; never allocates, as {@link Arrays#sort} does
 * at times.
 */
final class DelayQuantile {
  private static final int WINDOW = 64;
  private static final double SHARE = 0.95;

  private final long[] newest = new long[WINDOW]; // a ring
  private final long[] sorted = new long[WINDOW];
  private int next;
  private int known;

  void record(long nanos) {
    if (known == WINDOW) {
      int oldest = Arrays.binarySearch(sorted, newest[next]);
      known--;
      System.arraycopy(sorted, oldest + 1, sorted, oldest, known - oldest);
    }
    newest[next] = nanos;
    next = (next + 1) % WINDOW;
    int place = known;
    while (place > 0 && sorted[place - 1] > nanos) {
      sorted[place] = sorted[place - 1];
      place--;
    }
    sorted[place] = nanos;
    known++;
  }

  /** Nanoseconds; what was recorded last is in it. */
  long nanos() {
    return sorted[(int) Math.ceil(SHARE * known) - 1];
  }
}
