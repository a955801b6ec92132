package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordRingTest {
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  @Test
  void recordsComeOutAsTheyWentIn() {
    RecordRing ring = new RecordRing("test", 1024);
    MemorySegment bytes = MemorySegment.ofArray(new byte[] {9, 1, 2, 3, 9});
    assertTrue(ring.offer(7, 100, 90, bytes, 1, 3));

    ring.observe();
    assertTrue(ring.available());
    assertEquals(7, ring.channel());
    assertEquals(100, ring.logNanos());
    assertEquals(90, ring.publishNanos());
    assertEquals(3, ring.length());
    assertEquals(2, ring.payloads().get(ring.payloadOffset() + 1));
    ring.release();
    assertFalse(ring.available());
  }

  @Test
  void aFullRingDropsAndCountsByChannel() {
    RecordRing ring = new RecordRing("test", 1024);
    MemorySegment bytes = MemorySegment.ofArray(new byte[232]);
    for (int i = 0; i < 4; i++) {
      assertTrue(ring.offer(1, i, 0, bytes, 0, 232));
    }
    assertFalse(ring.offer(2, 4, 0, bytes, 0, 232));
    assertFalse(ring.offer(2, 5, 0, bytes, 0, 232));
    assertEquals(0, ring.dropped(1));
    assertEquals(2, ring.dropped(2));

    ring.observe();
    assertTrue(ring.available());
    ring.release();
    assertTrue(ring.offer(2, 6, 0, bytes, 0, 232), "released memory is used again");
  }

  @Test
  void aLargeRecordFitsOnceTheEndOfTheMemoryWasGivenUp() {
    RecordRing ring = new RecordRing("test", 1024);
    MemorySegment bytes = MemorySegment.ofArray(new byte[800]);
    assertTrue(ring.offer(0, 1, 0, bytes, 0, 400));
    ring.observe();
    assertTrue(ring.available());
    ring.release();

    assertFalse(ring.offer(0, 2, 0, bytes, 0, 800), "neither the end nor the start has 824 bytes");
    ring.observe();
    assertFalse(ring.available());
    assertTrue(ring.offer(0, 3, 0, bytes, 0, 800));
  }

  @Test
  void aRecordLargerThanTheRingIsDropped() {
    RecordRing ring = new RecordRing("test", 1024);
    assertFalse(ring.offer(3, 1, 0, MemorySegment.ofArray(new byte[2000]), 0, 2000));
    assertEquals(1, ring.dropped(3));
  }

  @Test
  void aSillyCapacityIsRefusedByName() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new RecordRing("control", 10));
    assertTrue(String.valueOf(e.getMessage()).contains("'control'"), e.getMessage());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void underContentionEveryRecordIsEitherWholeAndInOrderOrCounted(long seed) throws Exception {
    RecordRing ring = new RecordRing("test", 1 << 14);
    int offers = 300_000;
    long[] accepted = new long[1];
    AtomicBoolean done = new AtomicBoolean();
    Thread producer =
        new Thread(() -> {
          Random random = new Random(seed);
          MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);
          for (long i = 1; i <= offers; i++) {
            int length = 16 + random.nextInt(random.nextInt(20) == 0 ? 4000 : 200);
            bytes.set(LONG, 0, i);
            bytes.set(LONG, length - 8L, ~i);
            accepted[0] += ring.offer((int) (i % 5), i, -i, bytes, 0, length) ? 1 : 0;
          }
          done.set(true);
        });
    producer.start();

    long received = 0;
    long last = 0;
    while (true) {
      boolean over = done.get();
      ring.observe();
      while (ring.available()) {
        long stamp = ring.logNanos();
        assertTrue(stamp > last, "in order");
        assertEquals(-stamp, ring.publishNanos());
        assertEquals(stamp % 5, ring.channel());
        MemorySegment payload =
            MemorySegment.ofBuffer(ring.payloads().slice(ring.payloadOffset(), ring.length()));
        assertEquals(stamp, payload.get(LONG, 0));
        assertEquals(~stamp, payload.get(LONG, ring.length() - 8L));
        last = stamp;
        received++;
        ring.release();
      }
      if (over) {
        break;
      }
    }
    producer.join();
    long dropped = 0;
    for (int channel = 0; channel < 5; channel++) {
      dropped += ring.dropped(channel);
    }
    assertEquals(accepted[0], received);
    assertEquals(offers - received, dropped);
  }

  @Test
  void offeringAllocatesNothing() {
    RecordRing ring = new RecordRing("test", 1 << 16);
    MemorySegment bytes = MemorySegment.ofArray(new byte[600]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 30; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        ring.offer(1, i, 0, bytes, 0, 600);
        if ((i & 63) == 0) {
          empty(ring);
        }
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes allocated by 10,000 offers");
  }

  private static void empty(RecordRing ring) {
    ring.observe();
    while (ring.available()) {
      ring.release();
    }
  }
}
