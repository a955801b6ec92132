package dev.forearm.models.train;

import java.util.concurrent.locks.LockSupport;

/**
 * Leaves processor time to others: after every piece of work, rests long enough that work is at
 * most a given share of the time. One thread.
 */
public final class Pace {
  private final double restPerWork;

  /**
   * @param share of the time to work, in (0, 1]; 1 never rests
   */
  public Pace(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", wanted in (0, 1]");
    }
    restPerWork = 1 / share - 1;
  }

  /** How long to rest after {@code workedNanos} of work. */
  public long restNanos(long workedNanos) {
    return (long) (workedNanos * restPerWork);
  }

  /** Rests after {@code workedNanos} of work. */
  public void rest(long workedNanos) {
    long end = System.nanoTime() + restNanos(workedNanos);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
