package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Takes serialized messages into a buffer of rcl's that grows to the largest. Taking and closing
 * belong to the thread that waits for it; any thread counts publishers.
 */
public final class RclSubscriber extends RclEntity implements RclWaitable {
  /** Takes over one message. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes one message.
     *
     * @param cdr header and body, valid during the call
     * @param publisher the same for all messages of one publisher, another for each other
     */
    void take(MemorySegment cdr, long publisher);
  }

  private static final int BATCH = 16;
  private static final long MIX = 0x9E3779B97F4A7C15L; // odd: of two gids at most one half differs

  private final long bufferAt = Rcl.layouts().value("rmw_serialized_message_t.buffer");
  private final long lengthAt = Rcl.layouts().value("rmw_serialized_message_t.buffer_length");
  private final long gidAt = Rcl.layouts().value("rmw_message_info_t.publisher_gid.data");
  private final int nothing = Rcl.layouts().value("RCL_RET_SUBSCRIPTION_TAKE_FAILED");

  private final String taking; // made beforehand: nothing is allocated a message
  private final String counting;
  private final MemorySegment subscription =
      arena.allocate(Rcl.layouts().value("rcl_subscription_t"), Long.BYTES);
  private final MemorySegment message =
      arena.allocate(Rcl.layouts().value("rmw_serialized_message_t"), Long.BYTES);
  private final MemorySegment info =
      arena.allocate(Rcl.layouts().value("rmw_message_info_t"), Long.BYTES);
  private final MemorySegment count = arena.allocate(JAVA_LONG);
  private MemorySegment last = MemorySegment.NULL;

  /** Holding the node's turn. */
  RclSubscriber(RclNode node, String topic, MessageType type, Qos qos) {
    super(node, topic);
    taking = "taking a message of " + topic;
    counting = "counting the publishers of " + topic;
    RclLayouts layouts = Rcl.layouts();
    try (Arena call = Arena.ofConfined()) {
      Rcl.check(
          (int) Rcl.Calls.SERIALIZED_MESSAGE_INIT.invokeExact(message, 0L, node.allocator()),
          "making room for a message of " + topic);
      MemorySegment options =
          (MemorySegment)
              Rcl.Calls.SUBSCRIPTION_DEFAULT_OPTIONS.invokeExact((SegmentAllocator) call);
      RclQos.write(qos, layouts, options.asSlice(layouts.value("rcl_subscription_options_t.qos")));
      Rcl.check(
          (int)
              Rcl.Calls.SUBSCRIPTION_INIT.invokeExact(
                  subscription,
                  node.address(),
                  RclTypeSupport.of(type),
                  call.allocateFrom(topic),
                  options),
          "subscribing to " + topic);
    } catch (Throwable e) {
      free();
      throw Rcl.unexpected(e);
    }
  }

  @Override
  public Kind kind() {
    return Kind.SUBSCRIPTION;
  }

  @Override
  public MemorySegment address() {
    return subscription;
  }

  /**
   * Takes what has arrived, a batch at most, and hands each message to {@code taker}. Allocates
   * nothing for messages as long as the one before.
   *
   * @return messages taken
   */
  public int take(Taker taker) {
    int taken = 0;
    try {
      while (taken < BATCH) {
        int result = (int) Rcl.Calls.TAKE_SERIALIZED.invokeExact(subscription, message, info, 0L);
        if (result == nothing) {
          break;
        }
        Rcl.check(result, taking);
        taken++;
        taker.take(cdr(), publisher());
      }
      return taken;
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  private MemorySegment cdr() {
    long buffer = message.get(JAVA_LONG, bufferAt);
    long length = message.get(JAVA_LONG, lengthAt);
    if (last.address() != buffer || last.byteSize() != length) {
      last = message.get(ADDRESS, bufferAt).reinterpret(length);
    }
    return last;
  }

  /** Of its global id, whose first 16 bytes are all that any middleware fills. */
  private long publisher() {
    return info.get(JAVA_LONG, gidAt) * MIX + info.get(JAVA_LONG, gidAt + Long.BYTES);
  }

  /** Publishers matched right now. */
  public synchronized int publishers() {
    if (isClosed()) {
      return 0;
    }
    try {
      Rcl.check((int) Rcl.Calls.PUBLISHER_COUNT.invokeExact(subscription, count), counting);
      return Math.toIntExact(count.get(JAVA_LONG, 0));
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @Override
  void finalise() throws Throwable {
    Rcl.check(
        (int) Rcl.Calls.SERIALIZED_MESSAGE_FINI.invokeExact(message),
        "freeing the messages of " + name);
    Rcl.check(
        (int) Rcl.Calls.SUBSCRIPTION_FINI.invokeExact(subscription, node.address()),
        "finalising the subscription of " + name);
  }
}
