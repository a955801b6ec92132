package dev.forearm.runtime.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SignalSlotTest {
  private final SignalSlot slot = new SignalSlot("wind", 16);

  @Test
  void nothingIsReadBeforeTheFirstWrite() {
    SignalReading reading = new SignalReading(16);
    assertFalse(slot.read(reading));
    assertEquals(0, reading.sequence());
  }

  @Test
  void readersUnderContentionNeverSeeATornValueAndNeverGoBack() throws InterruptedException {
    int writes = 300_000;
    Thread writer =
        new Thread(() -> {
          double[] values = new double[16];
          for (int i = 1; i <= writes; i++) {
            Arrays.fill(values, i);
            slot.write(values, 0, i, 2L * i);
          }
        });
    writer.start();
    SignalReading reading = new SignalReading(16);
    long last = 0;
    while (last < writes) {
      if (!slot.read(reading)) {
        continue;
      }
      assertTrue(reading.sequence() >= last, "went back");
      last = reading.sequence();
      assertEquals(last, reading.stampNanos());
      assertEquals(2 * last, reading.receivedNanos());
      for (double value : reading.values()) {
        assertEquals((double) last, value);
      }
    }
    writer.join();
  }

  @Test
  void readerThatMeetsASuspendedWriterKeepsItsOldReadingAndGoesOn() throws Exception {
    double[] values = new double[16];
    Arrays.fill(values, 1);
    slot.write(values, 0, 10, 20);
    SignalReading reading = new SignalReading(16);
    assertTrue(slot.read(reading));
    leaveHalfWritten(slot);
    assertTrue(slot.read(reading));
    assertEquals(1, reading.sequence());
    assertEquals(1, reading.contended());
    assertEquals(10, reading.stampNanos());
    for (double value : reading.values()) {
      assertEquals(1, value);
    }
    assertFalse(slot.read(new SignalReading(16)), "a reader without an old reading has nothing");
  }

  /** As a writer looks that was suspended in the middle of its write. */
  private static void leaveHalfWritten(SignalSlot slot) throws ReflectiveOperationException {
    Field version = SignalSlot.class.getDeclaredField("version");
    version.setAccessible(true);
    version.setLong(slot, version.getLong(slot) + 1);
    Field values = SignalSlot.class.getDeclaredField("values");
    values.setAccessible(true);
    ((double[]) values.get(slot))[3] = 99;
  }
}
