package dev.forearm.launch.faults;

/**
 * One fault.
 *
 * @param topic whose messages it is about, for a fault of messages
 * @param fromNanos on the episode's clock
 * @param untilNanos when it is over
 * @param strength from 0 to 1: what share of messages, how long a delay
 */
record Strike(FaultKind kind, String topic, long fromNanos, long untilNanos, double strength) {
  boolean at(long nanos) {
    return fromNanos <= nanos && nanos < untilNanos;
  }
}
