package dev.forearm.runtime.robot;

/**
 * How old things may get before the watchdog acts, nanoseconds on the runtime's clock.
 *
 * @param jointStateNanos joint state older than this: hold
 * @param observationNanos any observed signal older than this: no chunk is planned, hold
 * @param chunkNanos chunk whose observation is older than this: hold
 * @param trackingErrorNanos a joint further from its command than it may be, for longer than this:
 *     ramp down, stop; {@link Long#MAX_VALUE} where no joint has such a limit
 * @param rampDownNanos holding for longer than this because something is wrong: ramp down, stop
 */
public record Timeouts(
    long jointStateNanos,
    long observationNanos,
    long chunkNanos,
    long trackingErrorNanos,
    long rampDownNanos) {
  private static final long PATIENT_NANOS = Long.MAX_VALUE / 2;

  public Timeouts {
    if (jointStateNanos <= 0
        || observationNanos <= 0
        || chunkNanos <= 0
        || trackingErrorNanos <= 0
        || rampDownNanos <= 0) {
      throw new IllegalArgumentException("timeouts must be positive");
    }
  }

  /** The same, with endless patience for joints that do not follow, where any is asked of them. */
  public Timeouts withPatientTracking() {
    long patient = trackingErrorNanos == Long.MAX_VALUE ? trackingErrorNanos : PATIENT_NANOS;
    return new Timeouts(jointStateNanos, observationNanos, chunkNanos, patient, rampDownNanos);
  }

  /** The same, with another patience for chunks. */
  public Timeouts withChunk(long nanos) {
    return new Timeouts(
        jointStateNanos, observationNanos, nanos, trackingErrorNanos, rampDownNanos);
  }
}
