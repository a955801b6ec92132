package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.RosFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;

/**
 * Compares the table with what the loaded libraries do, so that a release that changed a structure
 * is refused before anything is written over. Functions that return a structure by value are given
 * room filled with a pattern: what they overwrite is the structure's size, and rcl's documented
 * defaults must be where the table says.
 */
final class LayoutCheck {
  private static final byte PATTERN = (byte) 0xA5;
  private static final int ALIGNMENT = 8; // of all of them: each holds a pointer or a long
  private static final int DEFAULT_DEPTH = 10; // rmw_qos_profile_default

  private final RosInstallation installation;
  private final RclLayouts layouts;
  private final Arena arena;

  private LayoutCheck(RosInstallation installation, RclLayouts layouts, Arena arena) {
    this.installation = installation;
    this.layouts = layouts;
    this.arena = arena;
  }

  /**
   * Checks.
   *
   * @throws RosFault with the first difference
   */
  static void run(RosInstallation installation, RclLayouts layouts) {
    try (Arena arena = Arena.ofConfined()) {
      new LayoutCheck(installation, layouts, arena).run();
    }
  }

  private void run() {
    same("rcutils_allocator_t", Rcl.ALLOCATOR.byteSize());
    same("rcl_guard_condition_options_t", Rcl.ALLOCATOR.byteSize());
    MemorySegment allocator = Rcl.defaultAllocator(arena);
    returned("rcl_node_options_t", Rcl.Calls.NODE_DEFAULT_OPTIONS);
    returned("rmw_message_info_t", Rcl.Calls.ZERO_MESSAGE_INFO);
    returned("rmw_topic_endpoint_info_t", Rcl.Calls.ZERO_ENDPOINT_INFO);
    returned("rcl_service_options_t", Rcl.Calls.SERVICE_DEFAULT_OPTIONS);
    returned("rcl_client_options_t", Rcl.Calls.CLIENT_DEFAULT_OPTIONS);
    defaults(
        "rcl_publisher_options_t",
        returned("rcl_publisher_options_t", Rcl.Calls.PUBLISHER_DEFAULT_OPTIONS),
        allocator);
    defaults(
        "rcl_subscription_options_t",
        returned("rcl_subscription_options_t", Rcl.Calls.SUBSCRIPTION_DEFAULT_OPTIONS),
        allocator);
  }

  /** Calls a function that returns a structure, and measures that. */
  private MemorySegment returned(String structure, MethodHandle function) {
    SegmentAllocator patterned =
        (byteSize, byteAlignment) -> arena.allocate(byteSize, byteAlignment).fill(PATTERN);
    MemorySegment room;
    try {
      room = (MemorySegment) function.invokeExact(patterned);
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
    long written = room.byteSize();
    while (written > 0 && room.get(JAVA_BYTE, written - 1) == PATTERN) {
      written--;
    }
    same(structure, Math.ceilDiv(written, ALIGNMENT) * ALIGNMENT); // padding stays as it was
    return room;
  }

  private void defaults(String structure, MemorySegment options, MemorySegment allocator) {
    long qos = layouts.value(structure + ".qos");
    is(
        structure + ".qos: history",
        options.get(JAVA_INT, qos + layouts.value("rmw_qos_profile_t.history")),
        layouts.value("RMW_QOS_POLICY_HISTORY_KEEP_LAST"));
    is(
        structure + ".qos: depth",
        options.get(JAVA_LONG, qos + layouts.value("rmw_qos_profile_t.depth")),
        DEFAULT_DEPTH);
    is(
        structure + ".qos: reliability",
        options.get(JAVA_INT, qos + layouts.value("rmw_qos_profile_t.reliability")),
        layouts.value("RMW_QOS_POLICY_RELIABILITY_RELIABLE"));
    is(
        structure + ".qos: durability",
        options.get(JAVA_INT, qos + layouts.value("rmw_qos_profile_t.durability")),
        layouts.value("RMW_QOS_POLICY_DURABILITY_VOLATILE"));
    long at = layouts.value(structure + ".allocator");
    is(
        structure + ".allocator: bytes that are as in the default",
        options.asSlice(at, allocator.byteSize()).mismatch(allocator),
        -1);
  }

  private void same(String structure, long bytes) {
    is(structure + ": size", bytes, layouts.value(structure));
  }

  private void is(String what, long found, long wanted) {
    if (found != wanted) {
      throw new RosFault(
          "loading rcl: %s is not as the table for its distribution says (%s: %s found, %s wanted), so its structures are not known; choose --transport dds"
              .formatted(installation, what, found, wanted));
    }
  }
}
