package dev.forearm.runtime.robot;

/**
 * How old things may get before the watchdog acts, nanoseconds on the runtime's clock.
 *
 * @param jointStateNanos joint state older than this: hold
 * @param observationNanos any observed signal older than this: no chunk is planned, hold
 * @param chunkNanos chunk whose observation is older than this: hold
 * @param rampDownNanos holding for longer than this because something is wrong: ramp down, stop
 */
public record Timeouts(
    long jointStateNanos, long observationNanos, long chunkNanos, long rampDownNanos) {
  public Timeouts {
    if (jointStateNanos <= 0 || observationNanos <= 0 || chunkNanos <= 0 || rampDownNanos <= 0) {
      throw new IllegalArgumentException("timeouts must be positive");
    }
  }
}
