package dev.forearm.ros.rcl;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.NativePublication;
import dev.forearm.ros.rcl.ffi.RclPublisher;
import java.lang.foreign.MemorySegment;

/** An rcl publisher as a ROS publication. Off-heap messages are published as they are. */
final class RclPublication extends NativePublication {
  private final RclPublisher publisher;

  RclPublication(String topic, MessageType type, RclPublisher publisher) {
    super(topic, type);
    this.publisher = publisher;
  }

  @Override
  protected boolean write(MemorySegment cdr, long length) {
    return publisher.publish(cdr, length);
  }

  @Override
  public int subscribers() {
    return publisher.subscribers();
  }

  @Override
  public void close() {
    publisher.close();
  }
}
