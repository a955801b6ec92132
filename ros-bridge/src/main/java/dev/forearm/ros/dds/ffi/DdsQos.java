package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** A {@code dds_qos_t}, filled in as the ROS 2 middleware fills it in. */
final class DdsQos implements AutoCloseable {
  private static final int AUTOMATIC = 0;
  private static final int KEEP_LAST = 0;
  private static final int UNLIMITED = -1;
  private static final short XCDR1 = 0;

  /** How long a reliable write waits for slow readers before it gives up. */
  private static final long BLOCK_AT_MOST_NANOS = 100_000_000;

  private final long address;

  DdsQos() {
    try {
      address = (long) Ddsc.Calls.CREATE_QOS.invokeExact();
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  /**
   * For a writer or reader of {@code type}, its type hash in the user data.
   *
   * @param userData what stands before it there
   */
  static DdsQos of(Arena arena, Qos qos, MessageType type, String userData) {
    DdsQos made = new DdsQos();
    try {
      Ddsc.Calls.QSET_RELIABILITY.invokeExact(
          made.address, kind(qos.reliability()), BLOCK_AT_MOST_NANOS);
      Ddsc.Calls.QSET_DURABILITY.invokeExact(made.address, kind(qos.durability()));
      Qos.Timing timing = qos.timing();
      Ddsc.Calls.QSET_DEADLINE.invokeExact(made.address, timing.deadlineNanos());
      Ddsc.Calls.QSET_LIFESPAN.invokeExact(made.address, timing.lifespanNanos());
      Ddsc.Calls.QSET_LIVELINESS.invokeExact(made.address, AUTOMATIC, timing.leaseNanos());
      Ddsc.Calls.QSET_HISTORY.invokeExact(made.address, KEEP_LAST, qos.depth());
      if (qos.durability() == Qos.Durability.TRANSIENT_LOCAL) {
        Ddsc.Calls.QSET_DURABILITY_SERVICE.invokeExact(
            made.address, 0L, KEEP_LAST, qos.depth(), UNLIMITED, UNLIMITED, UNLIMITED);
      }
      Ddsc.Calls.QSET_DATA_REPRESENTATION.invokeExact(
          made.address, 1, arena.allocateFrom(ValueLayout.JAVA_SHORT, XCDR1));
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
    made.userData(arena, "%stypehash=%s;".formatted(userData, type.hash()));
    return made;
  }

  /** {@code dds_reliability_kind_t}. */
  private static int kind(Qos.Reliability reliability) {
    return switch (reliability) {
      case BEST_EFFORT -> 0;
      case RELIABLE -> 1;
    };
  }

  /** {@code dds_durability_kind_t}. */
  private static int kind(Qos.Durability durability) {
    return switch (durability) {
      case VOLATILE -> 0;
      case TRANSIENT_LOCAL -> 1;
    };
  }

  void userData(Arena arena, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, utf8);
    try {
      Ddsc.Calls.QSET_USERDATA.invokeExact(address, copy, copy.byteSize());
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  void property(Arena arena, String name, String value) {
    try {
      Ddsc.Calls.QSET_PROP.invokeExact(
          address, arena.allocateFrom(name), arena.allocateFrom(value));
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }

  long address() {
    return address;
  }

  @Override
  public void close() {
    try {
      Ddsc.Calls.DELETE_QOS.invokeExact(address);
    } catch (Throwable e) {
      throw Ddsc.unexpected(e);
    }
  }
}
