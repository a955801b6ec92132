package dev.forearm.runtime.clock;

/** CLOCK_MONOTONIC, the clock of a real robot. */
public final class MonotonicClock implements Clock {
  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
