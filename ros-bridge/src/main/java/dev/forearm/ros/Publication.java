package dev.forearm.ros;

import dev.forearm.ros.cdr.CdrWriter;
import java.lang.foreign.MemorySegment;

/** The sending end of a topic. Used by one thread at a time. */
public interface Publication extends AutoCloseable {
  /** Fully resolved ROS name, for example {@code /joint_states}. */
  String topic();

  MessageType type();

  /**
   * Publishes one message; returns once the transport has taken its bytes.
   *
   * @param cdr encapsulation header and body, from offset 0
   * @param length bytes of {@code cdr} that are the message
   * @throws RosFault if the bytes are not a message of this type, or the transport refuses them
   * @throws IllegalStateException if this, or its transport, is closed
   */
  void publish(MemorySegment cdr, long length);

  /** Publishes what {@code writer} holds. */
  default void publish(CdrWriter writer) {
    publish(writer.segment(), writer.length());
  }

  /** Subscriptions matched right now, over all processes. */
  int subscribers();

  /** Does nothing the second time. */
  @Override
  void close();
}
