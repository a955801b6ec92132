package dev.forearm.runtime.agent;

/** What a periodic thread's turns follow. One thread; never allocates. */
public sealed interface Pace {
  /**
   * Waits for a turn.
   *
   * @param dueNanos when it is due if it comes one period after the last
   * @return when it was due, from which its lateness and the next turn are reckoned
   */
  long await(long dueNanos, long periodNanos);

  /** The machine's clock: a turn at every absolute deadline. */
  static Pace byClock() {
    return new ByClock(Sleeper.best());
  }

  /**
   * Another clock, that rings once a period or more often: a turn is due when it rings, at the
   * earliest after three quarters of a period. If it does not ring, a turn comes after two.
   */
  static Pace byBell(Doorbell bell) {
    return new ByBell(bell);
  }

  /** See {@link #byClock}. */
  record ByClock(Sleeper sleeper) implements Pace {
    @Override
    public long await(long dueNanos, long periodNanos) {
      sleeper.until(dueNanos);
      return dueNanos;
    }
  }

  /** See {@link #byBell}. */
  record ByBell(Doorbell bell) implements Pace {
    @Override
    public long await(long dueNanos, long periodNanos) {
      long earliest = dueNanos - periodNanos / 4;
      long latest = dueNanos + periodNanos;
      long now = System.nanoTime();
      do {
        boolean rung = bell.await(Math.max(0, latest - now));
        now = System.nanoTime();
        if (rung && now >= earliest) {
          return now;
        }
      } while (now < latest);
      return dueNanos;
    }
  }
}
