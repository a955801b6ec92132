package dev.forearm.models.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PairedDifferenceTest {
  @Test
  void countsPairsAndIsTheSameForTheSameSeed() {
    boolean[] incumbent = {true, true, false, false, true};
    boolean[] candidate = {true, false, true, true, true};
    PairedDifference found = PairedDifference.of(incumbent, candidate, 3);
    assertEquals(2, found.won());
    assertEquals(1, found.lost());
    assertEquals(0.2, found.difference(), 1e-12);
    assertEquals(found, PairedDifference.of(incumbent, candidate, 3));
  }

  @Test
  void itsIntervalHoldsTheTruthInSomeNineteenOfTwentyStudies() {
    SplittableRandom random = new SplittableRandom(5);
    int held = 0;
    for (int study = 0; study < 200; study++) {
      boolean[] incumbent = new boolean[100];
      boolean[] candidate = new boolean[100];
      for (int i = 0; i < 100; i++) {
        incumbent[i] = random.nextDouble() < 0.5;
        candidate[i] = random.nextDouble() < 0.2 ? random.nextDouble() < 0.9 : incumbent[i];
      }
      PairedDifference found = PairedDifference.of(incumbent, candidate, study);
      held += found.low() <= 0.08 && 0.08 <= found.high() ? 1 : 0; // .2 (.9 - .5)
    }
    assertTrue(held >= 180 && held < 200, "held " + held);
  }

  @Test
  void wantsEquallyManyOutcomes() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PairedDifference.of(new boolean[2], new boolean[3], 1));
  }
}
