package dev.forearm.runtime.lockstep;

/** The world of a lockstep run. */
@FunctionalInterface
public interface Physics {
  /**
   * Advances the world to {@code now} by one step and publishes what sensors then see.
   *
   * @param now simulated time, nanoseconds
   */
  void step(long now);
}
