package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.RosFault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for any of several subscribers and guard conditions. One thread; allocates nothing but when
 * their number changes.
 */
public final class RclWaitset implements AutoCloseable {
  private static final long FOR_EVER = -1;

  private final long subscribersAt = Rcl.layouts().value("rcl_wait_set_t.subscriptions");
  private final Arena arena = Arena.ofShared();
  private final MemorySegment set =
      arena.allocate(Rcl.layouts().value("rcl_wait_set_t"), Long.BYTES);
  private MemorySegment ready = MemorySegment.NULL;
  private int subscribers;
  private int conditions;

  RclWaitset(MemorySegment context, MemorySegment allocator) {
    try {
      Rcl.check(
          (int)
              Rcl.Calls.WAIT_SET_INIT.invokeExact(set, 0L, 0L, 0L, 0L, 0L, 0L, context, allocator),
          "making a wait set");
    } catch (Throwable e) {
      arena.close();
      throw Rcl.unexpected(e);
    }
  }

  /**
   * Waits until one of {@code from} has something or one of {@code wakes} is triggered, of which
   * there is one at least.
   */
  public void await(RclSubscriber[] from, RclGuardCondition[] wakes) {
    try {
      if (from.length == subscribers && wakes.length == conditions) {
        Rcl.check((int) Rcl.Calls.WAIT_SET_CLEAR.invokeExact(set), "clearing a wait set");
      } else {
        resize(from.length, wakes.length);
      }
      for (RclSubscriber subscriber : from) {
        Rcl.check(
            (int) Rcl.Calls.WAIT_SET_ADD_SUBSCRIPTION.invokeExact(set, subscriber.address(), 0L),
            "waiting for a subscription");
      }
      for (RclGuardCondition condition : wakes) {
        Rcl.check(
            (int) Rcl.Calls.WAIT_SET_ADD_GUARD_CONDITION.invokeExact(set, condition.address(), 0L),
            "waiting for a guard condition");
      }
      Rcl.check((int) Rcl.Calls.WAIT.invokeExact(set, FOR_EVER), "waiting for messages");
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  @SuppressWarnings("restricted")
  private void resize(int from, int wakes) throws Throwable {
    Rcl.check(
        (int) Rcl.Calls.WAIT_SET_RESIZE.invokeExact(set, (long) from, (long) wakes, 0L, 0L, 0L, 0L),
        "resizing a wait set");
    long fromFound =
        set.get(JAVA_LONG, Rcl.layouts().value("rcl_wait_set_t.size_of_subscriptions"));
    long wakesFound =
        set.get(JAVA_LONG, Rcl.layouts().value("rcl_wait_set_t.size_of_guard_conditions"));
    if (fromFound != from || wakesFound != wakes) {
      throw new RosFault(
          "resizing a wait set: %s subscriptions and %s guard conditions found where the table says they are, %s and %s wanted, so rcl's structures are not known; choose --transport dds"
              .formatted(fromFound, wakesFound, from, wakes));
    }
    subscribers = from;
    conditions = wakes;
    ready = set.get(ADDRESS, subscribersAt).reinterpret(from * ADDRESS.byteSize());
  }

  /** Whether the subscriber of that index, in the last wait, has something. */
  public boolean isReady(int index) {
    return ready.getAtIndex(JAVA_LONG, index) != 0; // rcl sets the others to NULL
  }

  @Override
  public void close() {
    try {
      Rcl.check((int) Rcl.Calls.WAIT_SET_FINI.invokeExact(set), "finalising a wait set");
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    } finally {
      arena.close();
    }
  }
}
