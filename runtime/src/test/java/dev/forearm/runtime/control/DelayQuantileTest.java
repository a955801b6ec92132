package dev.forearm.runtime.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DelayQuantileTest {
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
  void ofEvenlySpreadDelaysNineteenInTwentyAreShorter(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      delay.record(random.nextLong(300));
    }
    assertTrue(delay.nanos() > 250 && delay.nanos() < 300, delay.nanos() + "");
  }
}
