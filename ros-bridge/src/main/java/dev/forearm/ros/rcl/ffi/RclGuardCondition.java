package dev.forearm.ros.rcl.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Wakes whoever waits for it. Any thread triggers; closed once nobody waits or triggers any more.
 */
public final class RclGuardCondition implements RclWaitable {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment condition;
  private final boolean owned;

  RclGuardCondition(MemorySegment context, MemorySegment allocator) {
    condition = arena.allocate(Rcl.layouts().value("rcl_guard_condition_t"), Long.BYTES);
    owned = true;
    try {
      Rcl.check(
          (int) Rcl.Calls.GUARD_CONDITION_INIT.invokeExact(condition, context, allocator),
          "making a guard condition");
    } catch (Throwable e) {
      arena.close();
      throw Rcl.unexpected(e);
    }
  }

  /** One that rcl keeps, and triggers itself. */
  RclGuardCondition(MemorySegment ofRcl) {
    condition = ofRcl;
    owned = false;
  }

  @Override
  public Kind kind() {
    return Kind.GUARD_CONDITION;
  }

  @Override
  public MemorySegment address() {
    return condition;
  }

  /** Ends the wait under way, or the next one. */
  public void trigger() {
    try {
      Rcl.check((int) Rcl.Calls.TRIGGER.invokeExact(condition), "waking a wait set");
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @Override
  public void close() {
    try {
      if (owned) {
        Rcl.check(
            (int) Rcl.Calls.GUARD_CONDITION_FINI.invokeExact(condition),
            "finalising a guard condition");
      }
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    } finally {
      arena.close();
    }
  }
}
