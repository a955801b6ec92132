package dev.forearm.launch.session;

/** How long an episode may stay at one stage. */
final class Patience {
  private final long nanos;
  private int reached;
  private long sinceNanos;

  /**
   * @param seconds may be infinite
   * @param beginNanos on the clock that it is asked by
   */
  Patience(double seconds, long beginNanos) {
    nanos = (long) (seconds * 1e9);
    sinceNanos = beginNanos;
  }

  /** Whether it is lost. */
  boolean isLost(int stage, long nowNanos) {
    if (stage > reached) {
      reached = stage;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos >= nanos;
  }
}
