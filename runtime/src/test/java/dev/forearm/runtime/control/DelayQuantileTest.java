package dev.forearm.runtime.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayQuantileTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final DelayQuantile delay = new DelayQuantile();

  @Test
  void theFirstDelaysAreTakenAtTheirWorst() {
    delay.record(30);
    assertEquals(30, delay.nanos());
    delay.record(90);
    delay.record(10);
    assertEquals(90, delay.nanos());
  }

  @Test
  void oneSlowPlanInManyIsNotExpectedAndWhatIsLongPastIsForgotten() {
    for (int i = 0; i < 100; i++) {
      delay.record(i == 90 ? 900 : 30);
    }
    assertEquals(30, delay.nanos());
    for (int i = 0; i < 64; i++) {
      delay.record(200);
    }
    assertEquals(200, delay.nanos());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void nineteenInTwentyOfTheLastSixtyFourAreNoLongerAndNothingIsAllocated(long seed) {
    long[] delays = new SplittableRandom(seed).longs(300, -5, 100).toArray();
    long bytes = 0;
    for (int i = 0; i < delays.length; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      delay.record(delays[i]);
      long found = delay.nanos();
      bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
      long[] last = Arrays.copyOfRange(delays, Math.max(0, i - 63), i + 1);
      Arrays.sort(last);
      assertEquals(last[(int) Math.ceil(0.95 * last.length) - 1], found);
    }
    assertEquals(0, bytes);
  }
}
