package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.rcl.ffi.RclWaitable.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Waits for any of several waitables. One thread at a time; waiting allocates nothing. */
public final class RclWaitset implements AutoCloseable {
  private static final long FOR_EVER = -1;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment set =
      arena.allocate(Rcl.layouts().value("rcl_wait_set_t"), Long.BYTES);
  private final Map<Kind, MemorySegment> pointers = new EnumMap<>(Kind.class);
  private RclWaitable[] waitedFor = {};
  private int[] places = {}; // of each, among its kind

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

  /** Waits for these from now on, and no others; at least one. */
  public void waitFor(List<? extends RclWaitable> waitables) {
    waitedFor = waitables.toArray(RclWaitable[]::new);
    places = new int[waitedFor.length];
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      counts.put(kind, 0);
    }
    for (int i = 0; i < waitedFor.length; i++) {
      places[i] = counts.merge(waitedFor[i].kind(), 1, Integer::sum) - 1;
    }
    try {
      Rcl.check(
          (int)
              Rcl.Calls.WAIT_SET_RESIZE.invokeExact(
                  set,
                  (long) counts.getOrDefault(Kind.SUBSCRIPTION, 0),
                  (long) counts.getOrDefault(Kind.GUARD_CONDITION, 0),
                  0L,
                  (long) counts.getOrDefault(Kind.CLIENT, 0),
                  (long) counts.getOrDefault(Kind.SERVICE, 0),
                  0L),
          "resizing a wait set");
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
    counts.forEach((kind, count) -> pointers.put(kind, pointers(kind, count)));
  }

  @SuppressWarnings("restricted")
  private MemorySegment pointers(Kind kind, long wanted) {
    long found = set.get(JAVA_LONG, Rcl.layouts().value(kind.count()));
    if (found != wanted) {
      throw new RosFault(
          "resizing a wait set: %s is %s where the table says it is, %s wanted, so rcl's structures are not known; choose --transport dds"
              .formatted(kind.count(), found, wanted));
    }
    return set.get(ADDRESS, Rcl.layouts().value(kind.pointers()))
        .reinterpret(wanted * ADDRESS.byteSize());
  }

  /** Waits until one of them has something or, of a guard condition, is triggered. */
  public void await() {
    try {
      Rcl.check((int) Rcl.Calls.WAIT_SET_CLEAR.invokeExact(set), "clearing a wait set");
      for (RclWaitable each : waitedFor) {
        Rcl.check(add(each.kind(), each.address()), "adding to a wait set");
      }
      Rcl.check((int) Rcl.Calls.WAIT.invokeExact(set, FOR_EVER), "waiting for messages");
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  private int add(Kind kind, MemorySegment handle) throws Throwable {
    return switch (kind) {
      case SUBSCRIPTION -> (int) Rcl.Calls.WAIT_SET_ADD_SUBSCRIPTION.invokeExact(set, handle, 0L);
      case GUARD_CONDITION ->
          (int) Rcl.Calls.WAIT_SET_ADD_GUARD_CONDITION.invokeExact(set, handle, 0L);
      case CLIENT -> (int) Rcl.Calls.WAIT_SET_ADD_CLIENT.invokeExact(set, handle, 0L);
      case SERVICE -> (int) Rcl.Calls.WAIT_SET_ADD_SERVICE.invokeExact(set, handle, 0L);
    };
  }

  /** Whether the waitable of that index has something, or is triggered. */
  public boolean isReady(int index) {
    MemorySegment ofItsKind = Objects.requireNonNull(pointers.get(waitedFor[index].kind()));
    return ofItsKind.getAtIndex(JAVA_LONG, places[index]) != 0; // rcl sets the others to NULL
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
