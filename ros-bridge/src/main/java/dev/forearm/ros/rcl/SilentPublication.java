package dev.forearm.ros.rcl;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import java.lang.foreign.MemorySegment;

/** Of a type that the sourced ROS 2 does not know, so that nobody there could listen. */
record SilentPublication(String topic, MessageType type) implements Publication {
  @Override
  public void publish(MemorySegment cdr, long length) {}

  @Override
  public int subscribers() {
    return 0;
  }

  @Override
  public void close() {}
}
