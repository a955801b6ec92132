package dev.forearm.ros;

import java.lang.foreign.MemorySegment;

/** Takes messages off a topic, on the transport's receive thread. */
@FunctionalInterface
public interface CdrHandler {
  /**
   * Takes one message.
   *
   * @param cdr encapsulation header and body, exactly; valid only during the call
   * @param receivedNanos arrival, on the clock the transport was given
   * @throws RosFault if the message is refused; it is counted and the transport goes on
   */
  void onMessage(MemorySegment cdr, long receivedNanos);

  /**
   * As above, for who has to tell the topic's publishers apart.
   *
   * @param publisher the same for all messages of one publisher, another for each other
   */
  default void onMessage(MemorySegment cdr, long receivedNanos, long publisher) {
    onMessage(cdr, receivedNanos);
  }
}
