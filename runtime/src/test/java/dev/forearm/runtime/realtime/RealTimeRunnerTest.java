package dev.forearm.runtime.realtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RealTimeRunnerTest {
  private static final long PERIOD = 1_000_000;

  @ParameterizedTest
  @EnumSource(Urgency.class)
  void dutyRunsOnOneThreadAtRisingTimesUntilClosed(Urgency urgency) throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(50);
    AtomicInteger faults = new AtomicInteger();
    long[] last = {Long.MIN_VALUE};
    Thread[] on = new Thread[1];
    RealTimeRunner runner =
        RealTimeRunner.start(
            "test",
            PERIOD,
            urgency,
            now -> {
              on[0] = on[0] == null ? Thread.currentThread() : on[0];
              if (now <= last[0] || on[0] != Thread.currentThread()) {
                faults.incrementAndGet();
              }
              last[0] = now;
              enough.countDown();
            });
    enough.await();
    runner.close();
    long cycles = runner.statistics().summary().cycles();
    assertEquals(0, faults.get());
    assertTrue(cycles >= 50);
    assertEquals(cycles, runner.statistics().summary().cycles()); // nothing runs any more
  }

  @Test
  void cyclesAWholePeriodLateAreCountedAndMadeUpFor() throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(5);
    RealTimeRunner runner =
        RealTimeRunner.start(
            "test",
            PERIOD,
            Urgency.CONTROL,
            now -> {
              if (enough.getCount() == 5) {
                stall(now + 5 * PERIOD + PERIOD / 2);
              }
              enough.countDown();
            });
    enough.await();
    runner.close();
    CycleSummary summary = runner.statistics().summary();
    assertTrue(summary.missed() >= 4); // the next four start late, one after the other
  }

  @ParameterizedTest
  @EnumSource(Urgency.class)
  void longStallIsNotMadeUpForWithABurst(Urgency urgency) throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(20);
    RealTimeRunner runner =
        RealTimeRunner.start(
            "test",
            PERIOD,
            urgency,
            now -> {
              if (enough.getCount() == 20) {
                stall(now + 200 * PERIOD);
              }
              enough.countDown();
            });
    enough.await();
    runner.close();
    CycleSummary summary = runner.statistics().summary();
    assertTrue(summary.missed() >= 189);
    assertTrue(summary.cycles() < 189 || summary.missed() > summary.cycles());
  }

  @Test
  void dutyThatThrowsEndsTheThreadAndIsKept() throws InterruptedException {
    IllegalStateException broken = new IllegalStateException("broken on purpose");
    CountDownLatch thrown = new CountDownLatch(1);
    RealTimeRunner runner =
        RealTimeRunner.start(
            "test",
            PERIOD,
            Urgency.ORDINARY,
            _ -> {
              thrown.countDown();
              throw broken;
            });
    thrown.await();
    runner.close();
    assertSame(broken, runner.failure());
  }

  private static void stall(long untilNanos) {
    while (System.nanoTime() < untilNanos) {
      Thread.onSpinWait();
    }
  }
}
