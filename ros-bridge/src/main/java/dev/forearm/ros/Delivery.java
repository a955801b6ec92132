package dev.forearm.ros;

import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to a subscription's handler and counts them; a handler that refuses a message does
 * not stop the next. Written by the transport's receive thread, read by any.
 */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final String topic;
  private final CdrHandler handler;
  private volatile long received;
  private volatile long refused;

  public Delivery(String topic, CdrHandler handler) {
    this.topic = topic;
    this.handler = handler;
  }

  /** Delivers one message. Called by the receive thread only. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void deliver(MemorySegment cdr, long receivedNanos, long publisher) {
    received++;
    try {
      handler.onMessage(cdr, receivedNanos, publisher);
    } catch (RosFault fault) {
      refused++;
      report(fault);
    }
  }

  /** As {@link #deliver}; a handler's bug loses its message and silences no other topic. */
  public void deliverContained(MemorySegment cdr, long receivedNanos, long publisher) {
    try {
      deliver(cdr, receivedNanos, publisher);
    } catch (RuntimeException e) {
      LOG.error("{}: handler failed, message lost", topic, e);
    }
  }

  /** The first refusal of a topic and then every doubling, so that a broken peer floods no log. */
  private void report(RosFault fault) {
    long count = refused;
    if (Long.bitCount(count) == 1) {
      LOG.warn("{}: message refused ({} so far): {}", topic, count, fault.getMessage());
    }
  }

  public long received() {
    return received;
  }

  public long refused() {
    return refused;
  }
}
