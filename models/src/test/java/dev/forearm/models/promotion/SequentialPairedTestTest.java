package dev.forearm.models.promotion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.promotion.SequentialPairedTest.Decision;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SequentialPairedTestTest {
  private static final double ALPHA = 0.05;
  private static final int RUNS = 1000;
  private static final int STARTS = 400;

  /** A pair of policies: how often both succeed, only the candidate does, only the incumbent. */
  private record Pair(double both, double won, double lost) {
    Decision play(SequentialPairedTest test, SplittableRandom random) {
      while (test.decision() == Decision.OPEN && test.pairs() < STARTS) {
        double draw = random.nextDouble();
        boolean alike = draw < both;
        test.add(
            alike || (draw >= both + won && draw < both + won + lost),
            alike || (draw >= both && draw < both + won));
      }
      return test.decision();
    }
  }

  private static double share(Decision wanted, Pair pair, double margin, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int found = 0;
    for (int run = 0; run < RUNS; run++) {
      found += pair.play(new SequentialPairedTest(margin, ALPHA), random) == wanted ? 1 : 0;
    }
    return (double) found / RUNS;
  }

  @ParameterizedTest(name = "won {0}, lost {1}, margin {2}, seed {3}")
  @CsvSource({
    ".10, .15, .05, 1",
    ".00, .05, .05, 2",
    ".20, .30, .10, 3",
    ".05, .25, .05, 4",
    ".15, .15, .00, 5",
    ".02, .03, .00, 6"
  })
  void aCandidateThatIsWorseByTheMarginIsPromotedInAtMostAlphaOfAllRuns(
      double won, double lost, double margin, long seed) {
    double promoted = share(Decision.NOT_WORSE, new Pair(0.4, won, lost), margin, seed);
    assertTrue(promoted <= ALPHA, () -> "promoted " + promoted);
  }

  @ParameterizedTest(name = "won {0}, lost {1}, seed {2}")
  @CsvSource({".15, .15, 7", ".02, .02, 8", ".25, .10, 9"})
  void aCandidateThatIsAsGoodIsCalledWorseInAtMostAlphaOfAllRuns(
      double won, double lost, long seed) {
    double refused = share(Decision.WORSE, new Pair(0.4, won, lost), 0.05, seed);
    assertTrue(refused <= ALPHA, () -> "refused " + refused);
  }

  @Test
  void tellsMuchBetterAndMuchWorseApartInMostRuns() {
    assertTrue(share(Decision.NOT_WORSE, new Pair(0.5, 0.20, 0.05), 0.05, 10) > 0.95);
    assertTrue(share(Decision.WORSE, new Pair(0.4, 0.05, 0.25), 0.05, 11) > 0.95);
    assertTrue(share(Decision.NOT_WORSE, new Pair(0.5, 0.20, 0.05), 0, 12) > 0.8);
  }

  @Test
  void startsThatEndAlikeSpeakAgainstALossByTheMarginOnly() {
    SequentialPairedTest wide = new SequentialPairedTest(0.05, ALPHA);
    SequentialPairedTest none = new SequentialPairedTest(0, ALPHA);
    for (int i = 0; i < STARTS && wide.decision() == Decision.OPEN; i++) {
      wide.add(i % 2 == 0, i % 2 == 0);
      none.add(i % 2 == 0, i % 2 == 0);
    }
    assertEquals(Decision.NOT_WORSE, wide.decision());
    assertTrue(wide.pairs() > 60, "after " + wide.pairs());
    assertEquals(1, none.evidenceNotWorse(), 1e-12);
    assertEquals(Decision.OPEN, none.decision());
  }

  @Test
  void theFirstDecisionStays() {
    SequentialPairedTest test = new SequentialPairedTest(0, ALPHA);
    Decision decision = Decision.OPEN;
    while (decision == Decision.OPEN) {
      decision = test.add(true, false);
    }
    for (int i = 0; i < STARTS; i++) {
      assertEquals(Decision.WORSE, test.add(false, true));
    }
  }
}
