package dev.forearm.models.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
  void learnersThatDifferMakeItUnsure() {
    boolean[] none = new boolean[100];
    boolean[] all = new boolean[100];
    Arrays.fill(all, true);
    List<boolean[]> before = List.of(none, none, none);
    PairedDifference alike = PairedDifference.of(before, List.of(all, all, all), 3);
    assertEquals(1, alike.low());
    PairedDifference apart = PairedDifference.of(before, List.of(all, none, none), 3);
    assertEquals(1 / 3.0, apart.difference(), 1e-12);
    assertEquals(0, apart.low());
    assertEquals(1, apart.high());
    assertEquals(
        PairedDifference.of(none, all, 3), PairedDifference.of(List.of(none), List.of(all), 3));
  }

  @Test
  void pairsOfOneStartAreNotTakenForMoreStarts() {
    boolean[] none = new boolean[100];
    boolean[] half = new boolean[100];
    Arrays.fill(half, 0, 50, true);
    PairedDifference one = PairedDifference.of(none, half, 3);
    PairedDifference five =
        PairedDifference.of(Collections.nCopies(5, none), Collections.nCopies(5, half), 3);
    assertEquals(one.high() - one.low(), five.high() - five.low(), 0.03);
  }

  @Test
  void wantsEquallyManyOutcomes() {
    assertThrows(
        IllegalArgumentException.class, () -> PairedDifference.of(List.of(), List.of(), 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> PairedDifference.of(List.of(new boolean[2]), List.of(), 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> PairedDifference.of(new boolean[2], new boolean[3], 1));
  }
}
