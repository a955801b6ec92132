package dev.forearm.runtime.episode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DiskSyncTest {
  @Test
  void aDiskThatTakesItsTimeKeepsNobodyWaiting() throws IOException {
    CountDownLatch done = new CountDownLatch(1);
    AtomicInteger waits = new AtomicInteger();
    DiskSync sync =
        new DiskSync(() -> {
          waits.incrementAndGet();
          awaitUninterrupted(done);
        });
    assertTrue(sync.begin());
    assertFalse(sync.begin(), "one at a time");
    done.countDown();
    sync.await();
    assertEquals(1, waits.get());
    assertTrue(sync.begin());
    sync.await();
    assertEquals(2, waits.get());
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatADiskFailedWithIsToldByTheNextWait() throws IOException {
    IOException broken = new IOException("no space left on device");
    DiskSync sync =
        new DiskSync(() -> {
          throw broken;
        });
    assertTrue(sync.begin());
    sync.await();
    assertSame(broken, assertThrows(IOException.class, sync::begin));
  }
}
