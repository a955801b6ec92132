package dev.forearm.ros.tf;

import java.util.Arrays;

/**
 * Where one frame stood, by time: the oldest first, as many seconds as are wanted and no more than
 * {@link #MOST}. What changes in order, as it nearly always does, is appended.
 */
final class TransformHistory {
  /** At 1 kHz, 16 s. A publisher that stamps everything alike fills no memory. */
  static final int MOST = 1 << 14;

  private static final int WIDTH = FrameTransform.WIDTH;

  private final long keptNanos;
  private final FrameTransform later = new FrameTransform();
  private int first; // of a ring whose length is a power of two
  private int size;
  private long[] stamps = new long[16];
  private int[] parents = new int[16];
  private double[] values = new double[16 * WIDTH];

  TransformHistory(long keptNanos) {
    this.keptNanos = keptNanos;
  }

  int size() {
    return size;
  }

  long stamp(int index) {
    return stamps[at(index)];
  }

  int parent(int index) {
    return parents[at(index)];
  }

  long newest() {
    return stamp(size - 1);
  }

  int newestParent() {
    return parent(size - 1);
  }

  void load(int index, FrameTransform into) {
    into.load(values, at(index) * WIDTH);
    into.stamp(stamp(index));
  }

  /**
   * Adds a sample, and forgets what is too old; one that is there already is not there twice.
   *
   * @return whether it is young enough to be kept
   */
  boolean add(long stampNanos, int parent, FrameTransform transform) {
    while (size > 0 && (newest() - stamp(0) > keptNanos || size == MOST)) {
      first = at(1);
      size--;
    }
    if (size > 0 && newest() - stampNanos > keptNanos) {
      return false;
    }
    int place = size;
    while (place > 0 && stamp(place - 1) > stampNanos) {
      place--;
    }
    if (size == stamps.length) {
      grow();
    }
    int slot = at(place);
    transform.store(values, at(size) * WIDTH); // beyond the last, to be compared and moved
    if (has(place, stampNanos, parent)) {
      return true;
    }
    for (int i = size; i > place; i--) {
      copy(at(i - 1), at(i));
    }
    stamps[slot] = stampNanos;
    parents[slot] = parent;
    transform.store(values, slot * WIDTH);
    size++;
    return true;
  }

  private boolean has(int place, long stampNanos, int parent) {
    int added = at(size) * WIDTH;
    for (int i = place - 1; i >= 0 && stamp(i) == stampNanos; i--) {
      int old = at(i) * WIDTH;
      if (parent(i) == parent
          && Arrays.equals(values, old, old + WIDTH, values, added, added + WIDTH)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where the frame stood. Between two samples it is interpolated, unless it had another parent
   * then: what was before counts.
   *
   * @param stampNanos when; {@link TransformBuffer#LATEST}: as late as is known
   * @param into receives the transform from the frame to its parent
   * @return its parent, or {@link TransformBuffer#NO_FRAME} if the time is not within what is known
   */
  int find(long stampNanos, FrameTransform into) {
    if (stampNanos == TransformBuffer.LATEST || stampNanos == newest()) {
      load(size - 1, into);
      return newestParent();
    }
    if (stampNanos < stamp(0) || stampNanos > newest()) {
      return TransformBuffer.NO_FRAME;
    }
    int low = 0; // the last that is not later
    int high = size - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (stamp(middle) <= stampNanos) {
        low = middle;
      } else {
        high = middle;
      }
    }
    load(low, into);
    long since = stampNanos - stamp(low);
    if (since > 0 && parent(low) == parent(high)) {
      load(high, later);
      into.interpolate(later, (double) since / (stamp(high) - stamp(low)));
    }
    return parent(low);
  }

  private int at(int index) {
    return (first + index) & (stamps.length - 1);
  }

  private void copy(int from, int to) {
    stamps[to] = stamps[from];
    parents[to] = parents[from];
    System.arraycopy(values, from * WIDTH, values, to * WIDTH, WIDTH);
  }

  private void grow() {
    int length = stamps.length;
    long[] longerStamps = new long[2 * length];
    int[] longerParents = new int[2 * length];
    double[] longerValues = new double[2 * length * WIDTH];
    for (int i = 0; i < size; i++) {
      int from = at(i);
      longerStamps[i] = stamps[from];
      longerParents[i] = parents[from];
      System.arraycopy(values, from * WIDTH, longerValues, i * WIDTH, WIDTH);
    }
    stamps = longerStamps;
    parents = longerParents;
    values = longerValues;
    first = 0;
  }
}
