package dev.forearm.runtime.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatestTest {
  private static final int WIDTH = 64;

  private final Latest<long[]> latest = new Latest<>(() -> new long[WIDTH]);

  @Test
  void nothingIsThereBeforeTheFirstValue() {
    assertNull(latest.take());
  }

  @Test
  void newestWinsAndIsTakenOnce() {
    publish(1);
    publish(2);
    publish(3);
    assertEquals(3, Objects.requireNonNull(latest.take())[0]);
    assertNull(latest.take());
  }

  @Test
  void takenValueStaysWholeWhileTheWriterGoesOn() {
    publish(1);
    long[] taken = Objects.requireNonNull(latest.take());
    for (int i = 2; i < 10; i++) {
      publish(i);
    }
    assertEquals(1, taken[0]);
    assertEquals(9, Objects.requireNonNull(latest.take())[0]);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void writerAndReaderNeverHoldTheSameValueOfThree(long seed) {
    Random random = new Random(seed);
    Set<long[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    long[] held = null;
    for (long i = 1; i <= 1000; i++) {
      assertNotSame(held, latest.back());
      if (random.nextBoolean()) {
        publish(i);
      } else {
        long[] taken = latest.take();
        held = taken == null ? held : taken;
      }
      seen.add(latest.back());
    }
    assertEquals(3, seen.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void readerUnderContentionSeesWholeValuesInOrderAndTheLastOne(long seed)
      throws InterruptedException {
    int values = 200_000;
    Thread writer =
        new Thread(() -> {
          Random random = new Random(seed);
          for (int i = 1; i <= values; i++) {
            publish(i);
            pause(random);
          }
        });
    writer.start();
    Random random = new Random(~seed);
    long last = 0;
    while (last < values) {
      long[] value = latest.take();
      if (value == null) {
        Thread.onSpinWait();
        continue;
      }
      assertTrue(value[0] > last, "went back");
      last = value[0];
      pause(random);
      for (long part : value) {
        assertEquals(last, part, "torn");
      }
    }
    writer.join();
    assertNull(latest.take());
  }

  private static void pause(Random random) {
    for (int spins = random.nextInt(64); spins > 32; spins--) {
      Thread.onSpinWait();
    }
  }

  private void publish(long value) {
    Arrays.fill(latest.back(), value);
    latest.publish();
  }
}
