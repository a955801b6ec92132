package dev.forearm.launch.swap;

import java.util.Locale;
import java.util.Optional;

/**
 * What a new policy may do in its first steps, by what the one before did in its last: both over
 * the same number of policy steps with a driven arm. What the one before was not seen doing for
 * long enough to tell, its foresight, is not held against the new one.
 *
 * @param steps that it lasts; 0 for none
 */
record Probation(int steps, Conduct before, double worstErrorBefore) {
  /** Mean foresight error of a second: as often as the worst second of the one before. */
  private static final double ERROR_RATIO = 2;

  /** In feature scales: above what a sound policy of an arm as it learned on has in any second. */
  private static final double ERROR_MIN = 0.2;

  /** Policy steps; a foresight stop takes as many by most robot files. */
  private static final long INTERVENTIONS_MORE = 10;

  private static final double EDITS_RATIO = 2;

  /** Control cycles a policy step; at 500 and 20 Hz a tenth of all. */
  private static final double EDITS_MORE_PER_STEP = 2.5;

  /** Whether there is one at all. */
  boolean none() {
    return steps == 0;
  }

  /** Whether it lies behind a policy that drove for so long. */
  boolean over(Conduct since) {
    return since.steps() >= steps;
  }

  /**
   * What speaks for taking the new policy back; empty while nothing does.
   *
   * @param since of the new one
   * @param error its mean over the last second, NaN while there is none
   * @param shortSteps in which no rate is judged
   */
  Optional<String> against(Conduct since, double error, int shortSteps) {
    double errorMax = Math.max(ERROR_MIN, ERROR_RATIO * worstErrorBefore);
    if (error > errorMax) { // false where the one before had none
      return Optional.of(
          String.format(
              Locale.ROOT,
              "foresight error %.3f over a second, wanted at most %.3f: %.1f times the worst second before",
              error,
              errorMax,
              ERROR_RATIO));
    }
    long interventionsMax = before.interventions() + INTERVENTIONS_MORE;
    if (since.interventions() > interventionsMax) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s refused plans and holds in %s steps, wanted at most %s, since there were %s in %s steps before",
              since.interventions(),
              since.steps(),
              interventionsMax,
              before.interventions(),
              before.steps()));
    }
    double usual = before.steps() == 0 ? 0 : before.editsPerStep();
    double editsMax = EDITS_RATIO * usual + EDITS_MORE_PER_STEP;
    if (since.steps() >= shortSteps && since.editsPerStep() > editsMax) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the safety filter edited %.1f commands a policy step, wanted at most %.1f, since it was %.1f before",
              since.editsPerStep(),
              editsMax,
              usual));
    }
    return Optional.empty();
  }
}
