package dev.forearm.models.promotion;

import dev.forearm.models.promotion.SequentialPairedTest.Decision;
import dev.forearm.models.shelf.Finding;
import dev.forearm.models.shelf.Finding.Check;
import dev.forearm.models.shelf.Finding.Verdict;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Plays incumbent and candidate from the same held-out starts until the paired test decides. */
final class Evaluation {
  private final GateSettings settings;
  private final HeldOutTrial trial;

  Evaluation(GateSettings settings, HeldOutTrial trial) {
    this.settings = settings;
    this.trial = trial;
  }

  /** Tells of the incumbent's repeatability, then of the comparison. */
  void judge(Path candidate, Path incumbent, Consumer<Finding> found) {
    boolean[] first = new boolean[settings.mostStarts()];
    int known = Math.min(settings.repeatedStarts(), first.length);
    try (HeldOutTrial.Play before = trial.open(incumbent)) {
      Finding repeats = repeats(incumbent, before, first, known);
      found.accept(repeats);
      if (repeats.verdict() != Verdict.PASSED) {
        found.accept(
            Finding.of(
                Check.EVALUATION,
                Verdict.NOT_CHECKED,
                "a start does not tell how a policy ends from it, so pairs would prove little"));
        return;
      }
      try (HeldOutTrial.Play after = trial.open(candidate)) {
        found.accept(compare(before, after, first, known));
      }
    }
  }

  private Finding repeats(Path incumbent, HeldOutTrial.Play before, boolean[] first, int starts) {
    int flips = 0;
    try (HeldOutTrial.Play again = trial.open(incumbent)) {
      for (int i = 0; i < starts; i++) {
        first[i] = before.next();
        flips += again.next() == first[i] ? 0 : 1;
      }
    }
    double rate = (double) flips / starts;
    return new Finding(
        Check.REPEATABILITY,
        rate <= settings.mostFlips() ? Verdict.PASSED : Verdict.CANNOT_TELL,
        "the incumbent, played twice, ended otherwise on %s of %s starts, wanted at most %s of all"
            .formatted(flips, starts, settings.mostFlips()),
        Map.of("flips", (double) flips, "starts", (double) starts, "flip_rate", rate));
  }

  private Finding compare(
      HeldOutTrial.Play before, HeldOutTrial.Play after, boolean[] first, int known) {
    SequentialPairedTest test = new SequentialPairedTest(settings.margin(), settings.alpha());
    boolean[] second = new boolean[first.length];
    while (test.decision() == Decision.OPEN && test.pairs() < first.length) {
      int at = test.pairs();
      if (at >= known) {
        first[at] = before.next();
      }
      second[at] = after.next();
      test.add(first[at], second[at]);
    }
    int pairs = test.pairs();
    PairedDifference difference =
        PairedDifference.of(
            Arrays.copyOf(first, pairs), Arrays.copyOf(second, pairs), settings.seed());
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("starts", (double) pairs);
    numbers.put("incumbent_successes", successes(first, pairs));
    numbers.put("candidate_successes", successes(second, pairs));
    numbers.put("won", (double) difference.won());
    numbers.put("lost", (double) difference.lost());
    numbers.put("difference", difference.difference());
    numbers.put("difference_low", difference.low());
    numbers.put("difference_high", difference.high());
    numbers.put("evidence_not_worse", test.evidenceNotWorse());
    numbers.put("evidence_worse", test.evidenceWorse());
    numbers.put("evidence_wanted", 1 / settings.alpha());
    numbers.put("margin", settings.margin());
    numbers.put("alpha", settings.alpha());
    return new Finding(
        Check.EVALUATION, verdict(test), inWords(test, difference, numbers), numbers);
  }

  private static Verdict verdict(SequentialPairedTest test) {
    return switch (test.decision()) {
      case NOT_WORSE -> Verdict.PASSED;
      case WORSE -> Verdict.REFUSED;
      case OPEN -> Verdict.CANNOT_TELL;
    };
  }

  private String inWords(
      SequentialPairedTest test, PairedDifference difference, Map<String, Double> numbers) {
    String said =
        switch (test.decision()) {
          case NOT_WORSE ->
              settings.margin() == 0
                  ? "it is better"
                  : "it is not worse by " + settings.margin() + " or more";
          case WORSE -> "it is worse";
          case OPEN -> "so many starts do not decide; give more, or a wider margin";
        };
    return String.format(
        Locale.ROOT,
        "%s: it succeeded on %.0f, the incumbent on %.0f of the same %d starts, %s (%s)",
        said,
        numbers.get("candidate_successes"),
        numbers.get("incumbent_successes"),
        difference.pairs(),
        difference.inWords(),
        trial.description());
  }

  private static double successes(boolean[] outcomes, int count) {
    int successes = 0;
    for (int i = 0; i < count; i++) {
      successes += outcomes[i] ? 1 : 0;
    }
    return successes;
  }
}
