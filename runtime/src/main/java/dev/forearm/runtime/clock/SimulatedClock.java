package dev.forearm.runtime.clock;

/**
 * A clock that stands still until told to advance. Owned by the one thread that steps a lockstep
 * run; other threads may read it.
 */
public final class SimulatedClock implements Clock {
  private volatile long nanos;

  @Override
  public long nanos() {
    return nanos;
  }

  /**
   * Moves time forward.
   *
   * @throws IllegalArgumentException if {@code deltaNanos} is negative
   */
  public void advance(long deltaNanos) {
    if (deltaNanos < 0) {
      throw new IllegalArgumentException("time cannot go back by " + -deltaNanos + " ns");
    }
    long next = nanos + deltaNanos;
    nanos = next;
  }
}
