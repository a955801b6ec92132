package dev.forearm.models.value;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ReturnsTest {
  /** Two episodes, of two steps and of one. */
  private static final double[] REWARDS = {1, 4, 2};

  private static final double[] DISCOUNTS = {0.5, 0, 0};
  private static final double[] VALUES = {1, 3, 2.5};

  @Test
  void whatComesLaterInTheEpisodeCountsByTheDiscountsOnTheWay() {
    double[] found = Returns.discounted(REWARDS, DISCOUNTS);
    assertArrayEquals(new double[] {1 + 0.5 * 4, 4, 2}, found, 1e-12);
  }

  @Test
  void aTraceOfOneTakesWhatWasPaidAndOfNothingTheCriticsNextWord() {
    double[] trusting = Returns.advantages(REWARDS, DISCOUNTS, VALUES, 0);
    double[] seeing = Returns.advantages(REWARDS, DISCOUNTS, VALUES, 1);
    assertArrayEquals(new double[] {1 + 0.5 * 3 - 1, 4 - 3, 2 - 2.5}, trusting, 1e-12);
    assertArrayEquals(new double[] {1 + 0.5 * 4 - 1, 4 - 3, 2 - 2.5}, seeing, 1e-12);
  }

  @Test
  void standardisedTheyHaveNoMeanAndVarianceOne() {
    double[] found = Returns.standardised(new double[] {1, 2, 6});
    assertEquals(0, Arrays.stream(found).sum(), 1e-12);
    assertEquals(3, Arrays.stream(found).map(each -> each * each).sum(), 1e-12);
    assertArrayEquals(new double[2], Returns.standardised(new double[] {4, 4}));
  }
}
