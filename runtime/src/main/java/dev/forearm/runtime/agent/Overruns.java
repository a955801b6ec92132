package dev.forearm.runtime.agent;

import java.util.EnumMap;
import java.util.Map;

/**
 * The cycles of one thread that began a period late or more. That thread records them without
 * waiting or allocating; any other finds out what held them up.
 */
public final class Overruns {
  private static final int KEPT = 1024; // more than come between two questions

  private final long[] due = new long[KEPT];
  private final long[] begun = new long[KEPT];
  private final boolean[] slow = new boolean[KEPT];
  private volatile long count;

  private final Map<OverrunCause, Long> causes = new EnumMap<>(OverrunCause.class);
  private long attributed;

  /**
   * The periodic thread's.
   *
   * @param dueNanos when the cycle should have begun
   * @param begunNanos when it did
   * @param endedNanos when the one before ended
   */
  void record(long dueNanos, long begunNanos, long endedNanos) {
    long before = count; // single writer
    int place = (int) (before % KEPT);
    due[place] = dueNanos;
    begun[place] = begunNanos;
    slow[place] = endedNanos > dueNanos;
    count = before + 1;
  }

  /** How many there were. Any thread. */
  public long count() {
    return count;
  }

  /**
   * How many there were by cause, as far as the virtual machine's pauses are known. Any thread but
   * the periodic one; ask again and again, for only the newest thousand are kept.
   */
  public synchronized Map<OverrunCause, Long> causes(VmPauses pauses) {
    long known = pauses.knownUntilNanos();
    attributed = Math.max(attributed, count - KEPT);
    while (attributed < count) {
      int place = (int) (attributed % KEPT);
      if (begun[place] > known) {
        break;
      }
      OverrunCause own = slow[place] ? OverrunCause.SLOW_CYCLE : OverrunCause.LATE_WAKE;
      causes.merge(pauses.cause(due[place], begun[place]).orElse(own), 1L, Long::sum);
      attributed++;
    }
    return Map.copyOf(causes);
  }
}
