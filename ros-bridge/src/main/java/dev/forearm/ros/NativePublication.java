package dev.forearm.ros;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publication by a native library, which reads off-heap memory only and may have to drop a
 * message. Whoever publishes does so by one thread at a time; nothing is allocated for messages
 * that are off the heap.
 */
public abstract class NativePublication implements Publication {
  private static final Logger LOG = LoggerFactory.getLogger(NativePublication.class);

  private final String topic;
  private final MessageType type;
  private MemorySegment copy = MemorySegment.NULL;
  private long dropped;

  protected NativePublication(String topic, MessageType type) {
    this.topic = topic;
    this.type = type;
  }

  /**
   * Hands a message to the library.
   *
   * @param cdr off-heap memory, the message at offset 0
   * @return false if slow reliable subscribers left no room for it in time
   */
  protected abstract boolean write(MemorySegment cdr, long length);

  @Override
  public final String topic() {
    return topic;
  }

  @Override
  public final MessageType type() {
    return type;
  }

  @Override
  public final void publish(MemorySegment cdr, long length) {
    if (!write(cdr.isNative() ? cdr : offHeap(cdr, length), length)) {
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
}
