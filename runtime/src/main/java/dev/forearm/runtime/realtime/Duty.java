package dev.forearm.runtime.realtime;

/** What a runner's thread does in each cycle. */
@FunctionalInterface
public interface Duty {
  /**
   * One cycle.
   *
   * @param now the cycle's start on the monotonic clock, nanoseconds, read once
   */
  void run(long now);
}
