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
import org.junit.jupiter.params.provider.EnumSource;

class PeriodicRunnerTest {
  private static final long PERIOD = 1_000_000;

  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  @ParameterizedTest
  @EnumSource(Urgency.class)
  void turnsComeOnOneThreadAtRisingTimesUntilClosed(Urgency urgency) throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(50);
    List<String> faults = Collections.synchronizedList(new ArrayList<>());
    long[] last = {Long.MIN_VALUE};
    Thread[] on = new Thread[1];
    PeriodicRunner runner =
        start(
            urgency,
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
  @EnumSource(Urgency.class)
  void deadlinesThatPassedDuringAStallAreSkippedAndCounted(Urgency urgency)
      throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(30);
    List<Long> begun = Collections.synchronizedList(new ArrayList<>());
    PeriodicRunner runner =
        start(
            urgency,
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
    for (int i = 0; i + 5 < begun.size(); i++) { // a turn begins less than a period late
      long taken = begun.get(i + 5) - begun.get(i);
      assertTrue(taken > 4 * PERIOD, "six turns within %s ns: a burst".formatted(taken));
    }
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
              Urgency.ORDINARY,
              (name, failure) -> {
                life.add(name + " " + failure.equals(broken));
                reported.countDown();
              });
      reported.await();
      runner.close();
      assertEquals(List.of("start", "work", "close", "doomed true"), life);
    }
  }

  private PeriodicRunner start(Urgency urgency, LongConsumer turn) {
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
    return PeriodicRunner.start(agent, PERIOD, urgency, (name, failure) -> failures.add(failure));
  }

  private static void stall(long untilNanos) {
    while (System.nanoTime() < untilNanos) {
      Thread.onSpinWait();
    }
  }
}
