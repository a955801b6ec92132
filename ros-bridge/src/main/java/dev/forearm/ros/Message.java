package dev.forearm.ros;

import dev.forearm.ros.cdr.CdrWriter;

/** A ROS message: either an immutable record or its reusable {@link MessageBuffer}. */
public interface Message {
  MessageType messageType();

  /** Appends this message's body at the writer's position. Allocates only if the writer grows. */
  void write(CdrWriter writer);

  /** Encodes this message alone: encapsulation header, body, padding. */
  default void encode(CdrWriter writer) {
    writer.begin();
    write(writer);
    writer.end();
  }
}
