package dev.forearm.ros.rcl;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.rcl.ffi.RclPublisher;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An rcl publisher as a ROS publication. Off-heap messages are published as they are. */
final class RclPublication implements Publication {
  private static final Logger LOG = LoggerFactory.getLogger(RclPublication.class);

  private final String topic;
  private final MessageType type;
  private final RclPublisher publisher;
  private MemorySegment copy = MemorySegment.NULL;
  private long dropped;

  RclPublication(String topic, MessageType type, RclPublisher publisher) {
    this.topic = topic;
    this.type = type;
    this.publisher = publisher;
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public MessageType type() {
    return type;
  }

  @Override
  public void publish(MemorySegment cdr, long length) {
    if (!publisher.publish(cdr.isNative() ? cdr : offHeap(cdr, length), length)) {
      dropped++;
      if (Long.bitCount(dropped) == 1) {
        LOG.warn(
            "{}: message dropped ({} so far), a reliable subscriber is too slow", topic, dropped);
      }
    }
  }

  private MemorySegment offHeap(MemorySegment cdr, long length) {
    if (copy.byteSize() < length) {
      copy = Arena.ofAuto().allocate(length);
    }
    MemorySegment.copy(cdr, 0, copy, 0, length);
    return copy;
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
