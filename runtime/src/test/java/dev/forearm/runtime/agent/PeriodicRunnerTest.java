package dev.forearm.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeriodicRunnerTest {
  private static final long PERIOD = 1_000_000;

  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  @ParameterizedTest
  @MethodSource("schedulings")
  void turnsComeOnOneThreadAtRisingTimesUntilClosed(Scheduling scheduling)
      throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(50);
    List<String> faults = Collections.synchronizedList(new ArrayList<>());
    long[] last = {Long.MIN_VALUE};
    Thread[] on = new Thread[1];
    PeriodicRunner runner =
        start(
            scheduling,
            now -> {
              on[0] = on[0] == null ? Thread.currentThread() : on[0];
              if (now <= last[0] || on[0] != Thread.currentThread()) {
                faults.add(now + " after " + last[0] + " on " + Thread.currentThread());
              }
              last[0] = now;
              enough.countDown();
            });
    enough.await();
    runner.close();
    long cycles = runner.statistics().summary().cycles();
    assertEquals(List.of(), faults);
    assertTrue(cycles >= 50);
    assertEquals(cycles, runner.statistics().summary().cycles()); // nothing runs any more
    assertEquals(List.of(), failures);
  }

  /** Each turn belongs to a deadline of its own: a burst would serve one period twice. */
  @ParameterizedTest
  @MethodSource("schedulings")
  void deadlinesThatPassedDuringAStallAreSkippedAndCounted(Scheduling scheduling)
      throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(30);
    List<Long> begun = Collections.synchronizedList(new ArrayList<>());
    PeriodicRunner runner =
        start(
            scheduling,
            now -> {
              begun.add(now);
              if (begun.size() == 5) {
                stall(now + 20 * PERIOD + PERIOD / 2);
              }
              enough.countDown();
            });
    enough.await();
    runner.close();
    CycleSummary summary = runner.statistics().summary();
    assertTrue(summary.missed() >= 19, summary.missed() + " missed");
    assertTrue(
        runner.overruns().causes(VmPauses.none()).containsKey(OverrunCause.SLOW_CYCLE),
        "a stall in a cycle is that cycle's");
    for (int i = 0; i + 5 < begun.size(); i++) { // a turn begins less than a period late
      long taken = begun.get(i + 5) - begun.get(i);
      assertTrue(taken > 4 * PERIOD, "six turns within %s ns: a burst".formatted(taken));
    }
  }

  /** However late it rings, whoever is paced by it is not: its clock is the one that counts. */
  @Test
  void turnsThatFollowABellAreDueWhenItRings() throws InterruptedException {
    Doorbell bell = Doorbell.best();
    CountDownLatch enough = new CountDownLatch(20);
    PeriodicRunner runner =
        start(
            Pace.byBell(bell),
            Scheduling.ORDINARY,
            now -> {
              stall(now + (enough.getCount() == 10 ? 20 * PERIOD : PERIOD));
              bell.ring();
              enough.countDown();
            });
    bell.ring();
    enough.await();
    runner.close();
    long first = runner.overruns().count(); // the first may have waited in vain
    assertTrue(first <= 1, first + " late");
  }

  @Test
  void withoutABellTurnsGoOnAtALowerRate() throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(10);
    List<Long> begun = Collections.synchronizedList(new ArrayList<>());
    PeriodicRunner runner =
        start(
            Pace.byBell(Doorbell.best()),
            Scheduling.ORDINARY,
            now -> {
              begun.add(now);
              enough.countDown();
            });
    enough.await();
    runner.close();
    for (int i = 1; i < begun.size(); i++) {
      long taken = begun.get(i) - begun.get(i - 1);
      assertTrue(taken > PERIOD, "a turn after %s ns".formatted(taken));
    }
    assertEquals(begun.size(), runner.overruns().count());
  }

  @Test
  void turnThatThrowsEndsTheAgentAfterItsOnCloseAndIsReported() throws InterruptedException {
    for (Throwable broken : List.of(new IllegalStateException("broken"), new OutOfMemoryError())) {
      List<String> life = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch reported = new CountDownLatch(1);
      Agent agent =
          new Agent() {
            @Override
            public String name() {
              return "doomed";
            }

            @Override
            public void onStart() {
              life.add("start");
            }

            @Override
            public int doWork(long nowNanos) {
              life.add("work");
              throw AgentRunnerTest.sneaky(broken);
            }

            @Override
            public void onClose() {
              life.add("close");
            }
          };
      PeriodicRunner runner =
          PeriodicRunner.start(
              agent,
              PERIOD,
              Scheduling.ORDINARY,
              (name, failure) -> {
                life.add(name + " " + failure.equals(broken));
                reported.countDown();
              });
      reported.await();
      runner.close();
      assertEquals(List.of("start", "work", "close", "doomed true"), life);
    }
  }

  static List<Scheduling> schedulings() {
    return List.of(Scheduling.ORDINARY, Scheduling.FIRST, new Scheduling(1, List.of(0)));
  }

  private PeriodicRunner start(Scheduling scheduling, LongConsumer turn) {
    return start(Pace.byClock(), scheduling, turn);
  }

  private PeriodicRunner start(Pace pace, Scheduling scheduling, LongConsumer turn) {
    Agent agent =
        new Agent() {
          @Override
          public String name() {
            return "test";
          }

          @Override
          public int doWork(long nowNanos) {
            turn.accept(nowNanos);
            return 1;
          }
        };
    return PeriodicRunner.start(
        agent, PERIOD, pace, scheduling, (name, failure) -> failures.add(failure));
  }

  private static void stall(long untilNanos) {
    while (System.nanoTime() < untilNanos) {
      Thread.onSpinWait();
    }
  }
}
