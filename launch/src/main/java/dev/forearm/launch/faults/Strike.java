package dev.forearm.launch.faults;

/**
 * One fault.
 *
 * @param topic or action whose messages it is about, for a fault of messages
 * @param fromNanos on the episode's clock
 * @param untilNanos when it is over
 * @param strength from 0 to 1: what share of messages, how long a delay
 */
record Strike(FaultKind kind, String topic, long fromNanos, long untilNanos, double strength) {
  private static final String ACTION = "/_action/";

  boolean at(long nanos) {
    return fromNanos <= nanos && nanos < untilNanos;
  }

  /**
   * @param name of a topic or a service, which may be an action's
   */
  boolean concerns(String name) {
    return name.equals(topic) || name.startsWith(topic + ACTION);
  }
}
