package dev.forearm.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AgentRunnerTest {
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  /** Hands numbers on, as a command publisher does. */
  private static final class Postman implements Agent {
    final AtomicInteger posted = new AtomicInteger();
    final LinkedBlockingQueue<Integer> delivered = new LinkedBlockingQueue<>();
    int last;

    @Override
    public String name() {
      return "postman";
    }

    @Override
    public int doWork(long nowNanos) {
      int now = posted.get();
      if (now == last) {
        return 0;
      }
      last = now;
      delivered.add(now);
      return 1;
    }
  }

  @Test
  void everyRingEndsARestAndNoneIsLost() throws InterruptedException {
    Postman postman = new Postman();
    Doorbell bell = Doorbell.best();
    try (WakefulRunner runner =
        WakefulRunner.start(
            postman, Rest.untilRung(bell), (name, failure) -> failures.add(failure))) {
      for (int letter = 1; letter <= 20_000; letter++) {
        postman.posted.set(letter);
        bell.ring();
        assertEquals(letter, postman.delivered.take()); // would hang if a ring were lost
      }
      assertTrue(runner.alive());
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void closingEndsARestThatNobodyElseEnds() {
    WakefulRunner runner =
        WakefulRunner.start(
            new Postman(),
            Rest.untilRung(Doorbell.best()),
            (name, failure) -> failures.add(failure));
    runner.close();
    assertFalse(runner.alive());
    assertEquals(List.of(), failures);
  }

  @Test
  void agentThatHangsIsReportedAndLeftBehind() throws InterruptedException {
    CountDownLatch inItsTurn = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Agent hanging =
        new Agent() {
          @Override
          public String name() {
            return "hanging";
          }

          @Override
          public int doWork(long nowNanos) {
            inItsTurn.countDown();
            boolean deaf = false;
            while (never.getCount() > 0) {
              try {
                never.await();
              } catch (InterruptedException e) {
                deaf = true;
              }
            }
            return deaf ? 1 : 0;
          }
        };
    WakefulRunner runner =
        WakefulRunner.start(hanging, Rest.forNanos(1000), (name, failure) -> failures.add(failure));
    inItsTurn.await();
    runner.close();
    assertEquals(1, failures.size());
    assertTrue(failures.getFirst() instanceof TimeoutException);
    assertTrue(runner.alive());
    never.countDown();
  }

  @Test
  void failureToStartAndToCloseAreOneReport() throws InterruptedException {
    IllegalStateException first = new IllegalStateException("no window");
    IllegalStateException second = new IllegalStateException("nothing to close");
    CountDownLatch reported = new CountDownLatch(1);
    Agent broken =
        new Agent() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public void onStart() {
            throw first;
          }

          @Override
          public int doWork(long nowNanos) {
            throw new AssertionError("never started");
          }

          @Override
          public void onClose() {
            throw second;
          }
        };
    WakefulRunner runner =
        WakefulRunner.start(
            broken,
            Rest.forNanos(1000),
            (name, failure) -> {
              failures.add(failure);
              reported.countDown();
            });
    reported.await();
    runner.close();
    assertEquals(1, failures.size());
    assertSame(first, failures.getFirst());
    assertSame(second, first.getSuppressed()[0]);
  }

  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
