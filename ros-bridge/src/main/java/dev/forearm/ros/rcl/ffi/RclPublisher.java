package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Publishes serialized messages. One thread at a time publishes, which allocates nothing; any
 * thread counts subscribers.
 */
public final class RclPublisher extends RclEntity {
  private static final int SHORTEST = 4; // the encapsulation header

  private final long bufferAt = Rcl.layouts().value("rmw_serialized_message_t.buffer");
  private final long lengthAt = Rcl.layouts().value("rmw_serialized_message_t.buffer_length");
  private final long capacityAt = Rcl.layouts().value("rmw_serialized_message_t.buffer_capacity");
  private final int ok = Rcl.layouts().value("RCL_RET_OK");
  private final int timeout = Rcl.layouts().value("RCL_RET_TIMEOUT");

  private final String counting; // made beforehand: nothing is allocated a count
  private final MemorySegment publisher =
      arena.allocate(Rcl.layouts().value("rcl_publisher_t"), Long.BYTES);
  private final MemorySegment message =
      arena.allocate(Rcl.layouts().value("rmw_serialized_message_t"), Long.BYTES);
  private final MemorySegment count = arena.allocate(JAVA_LONG);

  /** Holding the node's turn. */
  RclPublisher(RclNode node, String topic, MessageType type, Qos qos) {
    super(node, topic);
    counting = "counting the subscribers of " + topic;
    RclLayouts layouts = Rcl.layouts();
    try (Arena call = Arena.ofConfined()) {
      MemorySegment options =
          (MemorySegment) Rcl.Calls.PUBLISHER_DEFAULT_OPTIONS.invokeExact((SegmentAllocator) call);
      RclQos.write(qos, layouts, options.asSlice(layouts.value("rcl_publisher_options_t.qos")));
      Rcl.check(
          (int)
              Rcl.Calls.PUBLISHER_INIT.invokeExact(
                  publisher,
                  node.address(),
                  RclTypeSupport.of(type),
                  call.allocateFrom(topic),
                  options),
          "advertising " + topic);
    } catch (Throwable e) {
      free();
      throw Rcl.unexpected(e);
    }
  }

  /**
   * Publishes one message.
   *
   * @param cdr off-heap memory, the message at offset 0, its encapsulation header first
   * @return false if slow reliable subscribers left no room for it in time
   * @throws RosFault if the bytes are no message, or rcl refuses them
   */
  public boolean publish(MemorySegment cdr, long length) {
    if (isClosed()) {
      throw new IllegalStateException("publication of " + name + " is closed");
    }
    if (length < SHORTEST || length > cdr.byteSize() || !isCdr(cdr)) {
      throw new RosFault(
          "publishing %s: %s of %s bytes are no CDR, a header 00 00 or 00 01 and a body wanted"
              .formatted(name, length, cdr.byteSize()));
    }
    message.set(ADDRESS, bufferAt, cdr);
    message.set(JAVA_LONG, lengthAt, length);
    message.set(JAVA_LONG, capacityAt, length);
    try {
      int result = (int) Rcl.Calls.PUBLISH_SERIALIZED.invokeExact(publisher, message, 0L);
      if (result == ok) {
        return true;
      }
      RosFault fault = Rcl.fault(result, "publishing " + name);
      if (result == timeout) {
        return false;
      }
      throw fault;
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  /** Big- or little-endian. */
  private static boolean isCdr(MemorySegment cdr) {
    return cdr.get(JAVA_BYTE, 0) == 0 && (cdr.get(JAVA_BYTE, 1) & ~1) == 0;
  }

  /** Subscriptions matched right now. */
  public synchronized int subscribers() {
    if (isClosed()) {
      return 0;
    }
    try {
      Rcl.check((int) Rcl.Calls.SUBSCRIPTION_COUNT.invokeExact(publisher, count), counting);
      return Math.toIntExact(count.get(JAVA_LONG, 0));
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @Override
  void finalise() throws Throwable {
    Rcl.check(
        (int) Rcl.Calls.PUBLISHER_FINI.invokeExact(publisher, node.address()),
        "finalising the publisher of " + name);
  }
}
