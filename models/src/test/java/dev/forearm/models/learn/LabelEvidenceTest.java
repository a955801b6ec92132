package dev.forearm.models.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.learn.LabelEvidence.Verdict;
import dev.forearm.runtime.episode.RecordedPlans;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

final class LabelEvidenceTest {
  private static final int WIDTH = 12;

  /** One whose third value ends high where it went well, noise beside. */
  private static RecordedPlans episode(boolean wentWell, boolean label, SplittableRandom noise) {
    NavigableMap<Long, float[]> seen = new TreeMap<>();
    for (int step = 0; step < 60; step++) {
      float[] values = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        values[i] = (float) noise.nextGaussian();
      }
      values[2] += wentWell ? step / 60f : 0;
      seen.put(step * 50_000_000L, values);
    }
    NavigableMap<Long, Integer> stages = new TreeMap<>(Map.of(0L, 0));
    if (label) {
      stages.put(2_000_000_000L, 2);
    }
    return new RecordedPlans(
        "x",
        Map.of(),
        Map.of("result", label ? "success" : "failure"),
        seen,
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        stages);
  }

  private static LabelEvidence of(int episodes, IntPredicate label, long seed) {
    SplittableRandom noise = new SplittableRandom(seed);
    LabelEvidence.Gatherer gatherer = new LabelEvidence.Gatherer();
    for (int i = 0; i < episodes; i++) {
      gatherer.add(episode(i % 3 != 0, label.test(i), noise));
    }
    return gatherer.evidence();
  }

  @Test
  void rightLabelsGoWithTheRecordings() {
    LabelEvidence found = of(90, i -> i % 3 != 0, 1);
    assertEquals(Verdict.INFORMATIVE, found.verdict(), found::words);
    assertTrue(found.words().contains("stages"), found::words);
    assertFalse(LabelEvidence.speaksAgainst(found.madeBy()));
  }

  /** One in a hundred may pass; three of forty would by chance in one of 130 such tests. */
  @Test
  void labelsOfOtherEpisodesSayNothing() {
    int passed = 0;
    for (long seed = 100; seed < 140; seed++) {
      SplittableRandom coin = new SplittableRandom(~seed);
      LabelEvidence found = of(90, _ -> coin.nextInt(3) != 0, seed);
      passed += found.verdict() == Verdict.NO_INFORMATION ? 0 : 1;
      assertEquals(
          found.verdict() == Verdict.NO_INFORMATION, LabelEvidence.speaksAgainst(found.madeBy()));
    }
    assertTrue(passed < 3, passed + " of 40 sets of arbitrary labels pass");
  }

  @Test
  void ofFewEpisodesOrLabelsThatAreAllTheSameNothingCanBeTold() {
    SplittableRandom coin = new SplittableRandom(4);
    for (LabelEvidence found :
        List.of(
            of(10, i -> i % 3 != 0, 1),
            of(90, _ -> true, 1),
            of(30, _ -> coin.nextBoolean(), 1),
            new LabelEvidence.Gatherer().evidence())) {
      assertEquals(Verdict.CANNOT_TELL, found.verdict(), found::words);
      assertFalse(LabelEvidence.speaksAgainst(found.madeBy()));
    }
  }
}
