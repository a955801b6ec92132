package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void aQuarterOfTheTimeRestsThreeTimesTheWork() {
    assertEquals(3_000_000, new Pace(0.25).restNanos(1_000_000));
    assertEquals(0, new Pace(1).restNanos(1_000_000));
  }

  @Test
  void aShareOutsideZeroToOneIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Pace(0));
    assertThrows(IllegalArgumentException.class, () -> new Pace(1.5));
  }
}
