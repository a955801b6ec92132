package dev.forearm.runtime.safety;

import dev.forearm.runtime.robot.Timeouts;

/**
 * Notices what has gone missing or stale. It only compares ages; what follows from them is the
 * {@link Supervisor}'s to decide. Control thread; stateless.
 */
public final class Watchdog {
  private final Timeouts timeouts;

  public Watchdog(Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  /**
   * Judges the joint state.
   *
   * @param sequence number of joint states received so far
   * @param receivedNanos when the last one came, on the runtime's clock
   * @param finite whether its positions are numbers
   */
  public SafetyReason jointState(long now, long sequence, long receivedNanos, boolean finite) {
    if (sequence == 0) {
      return SafetyReason.JOINT_STATE_MISSING;
    }
    if (now - receivedNanos > timeouts.jointStateNanos()) {
      return SafetyReason.JOINT_STATE_STALE;
    }
    return finite ? SafetyReason.NONE : SafetyReason.JOINT_STATE_NOT_FINITE;
  }

  /**
   * Judges the newest chunk.
   *
   * @param observedNanos when its observation was made, on the runtime's clock
   * @param refusal why the inference thread refused it, or NONE
   * @param sinceNanos only a chunk observed after this counts
   */
  public SafetyReason chunk(long now, long observedNanos, SafetyReason refusal, long sinceNanos) {
    if (observedNanos <= sinceNanos) {
      return SafetyReason.CHUNK_AWAITED;
    }
    if (now - observedNanos > timeouts.chunkNanos()) {
      return SafetyReason.CHUNK_STALE;
    }
    return refusal;
  }
}
