package dev.forearm.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class OverrunsTest {
  private static final long MS = 1_000_000;

  private final Overruns overruns = new Overruns();

  @Test
  void aCycleAfterOneThatTookTooLongIsToldFromOneThatWasWokenLate() {
    overruns.record(10 * MS, 13 * MS, 9 * MS);
    overruns.record(20 * MS, 23 * MS, 22 * MS);
    overruns.record(30 * MS, 33 * MS, 29 * MS);
    assertEquals(
        Map.of(OverrunCause.LATE_WAKE, 2L, OverrunCause.SLOW_CYCLE, 1L),
        overruns.causes(VmPauses.none()));
  }

  @Test
  void aPauseThatTookMostOfTheWaitIsToBlame() {
    VmPauses pauses = VmPauses.none();
    pauses.add(OverrunCause.SAFEPOINT, 9 * MS, 12 * MS);
    pauses.add(OverrunCause.GARBAGE_COLLECTION, 20 * MS, 22 * MS);
    pauses.add(OverrunCause.SAFEPOINT, 30 * MS, 31 * MS);
    overruns.record(10 * MS, 13 * MS, 9 * MS);
    overruns.record(20 * MS, 23 * MS, 22 * MS);
    overruns.record(30 * MS, 33 * MS, 29 * MS);
    assertEquals(
        Map.of(
            OverrunCause.SAFEPOINT, 1L,
            OverrunCause.GARBAGE_COLLECTION, 1L,
            OverrunCause.LATE_WAKE, 1L),
        overruns.causes(pauses));
  }

  @Test
  void aPauseOfTheRealVirtualMachineIsFound() {
    try (VmPauses pauses = VmPauses.watch()) {
      long before = System.nanoTime();
      overruns.record(before, before, before); // nothing held it up for any time
      while (!overruns.causes(pauses).containsKey(OverrunCause.GARBAGE_COLLECTION)) {
        long due = System.nanoTime();
        System.gc();
        overruns.record(due, System.nanoTime(), due - 1);
        LockSupport.parkNanos(100 * MS);
      }
    }
  }
}
