package dev.forearm.ros.robot;

/** When the next command is due, of those that come each control cycle. One thread's. */
final class CommandPace {
  private final long periodNanos;
  private final long toleranceNanos;
  private boolean begun;
  private long dueNanos;

  /**
   * @param periodNanos from one to the next
   * @param cycleNanos a control period
   */
  CommandPace(long periodNanos, long cycleNanos) {
    this.periodNanos = periodNanos;
    toleranceNanos = cycleNanos / 2;
  }

  /**
   * Whether the command of this time is due; asked once for each command. One that comes half a
   * control period early is not left for the next.
   */
  boolean takes(long stampNanos) {
    long earlyNanos = dueNanos - stampNanos;
    if (begun && earlyNanos > toleranceNanos && earlyNanos <= periodNanos) {
      return false;
    }
    boolean keepsPace = begun && Math.abs(earlyNanos) <= toleranceNanos;
    dueNanos = (keepsPace ? dueNanos : stampNanos) + periodNanos;
    begun = true;
    return true;
  }
}
