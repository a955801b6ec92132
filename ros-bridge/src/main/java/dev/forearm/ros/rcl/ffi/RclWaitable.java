package dev.forearm.ros.rcl.ffi;

import java.lang.foreign.MemorySegment;

/** Something that a wait set can wait for. */
public sealed interface RclWaitable extends AutoCloseable
    permits RclSubscriber, RclGuardCondition, RclClient, RclService {
  /** rcl's own kinds, as a wait set holds them apart. */
  enum Kind {
    SUBSCRIPTION("subscriptions"),
    GUARD_CONDITION("guard_conditions"),
    CLIENT("clients"),
    SERVICE("services");

    private final String field;

    Kind(String field) {
      this.field = "rcl_wait_set_t." + field;
    }

    /** Layout of the wait set's pointers to what it waits for. */
    String pointers() {
      return field;
    }

    /** Layout of how many there are. */
    String count() {
      return field.replace(".", ".size_of_");
    }
  }

  Kind kind();

  /** rcl's handle. */
  MemorySegment address();

  @Override
  void close();
}
