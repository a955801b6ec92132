package dev.forearm.models.promotion;

import dev.forearm.models.promotion.ConsequenceModel.Episode;
import dev.forearm.models.promotion.EpisodeBootstrap.Interval;
import dev.forearm.models.promotion.LoggedSteps.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A consequence model against episodes that it has not seen; 95 % intervals are over episodes.
 *
 * @param error its squared error by that of a model in which nothing changes
 * @param swapped its error with the commands of another step by its own error
 * @param brier its Brier score by that of always saying the base rate of the episodes it learned
 *     from
 * @param auc how often it gives a step of a success more than one of a failure
 */
record Calibration(Interval error, Interval swapped, Interval brier, double auc) {
  /** Half of what happens is foreseen, for sure. */
  static final double MOST_ERROR = 0.5;

  /** Tests a model on held-out episodes, of which some succeeded and some did not. */
  static Calibration of(
      ConsequenceModel model, LoggedSteps form, List<Episode> heldOut, long seed) {
    double baseRate = model.baseRate();
    int count = heldOut.size();
    double[] error = new double[count];
    double[] none = new double[count];
    double[] swapped = new double[count];
    double[] brier = new double[count];
    double[] base = new double[count];
    List<double[]> successes = new ArrayList<>();
    List<double[]> failures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Step> steps = heldOut.get(i).steps();
      double label = heldOut.get(i).success() ? 1 : 0;
      List<double[]> knots = new ArrayList<>(steps.stream().map(Step::knots).toList());
      float[] foreseen = model.changes(steps, knots);
      error[i] = squares(form, steps, foreseen, false);
      none[i] = squares(form, steps, foreseen, true);
      double[] probability = model.success(steps, foreseen);
      for (double p : probability) {
        brier[i] += (p - label) * (p - label);
        base[i] += (baseRate - label) * (baseRate - label);
      }
      (heldOut.get(i).success() ? successes : failures).add(probability);
      Collections.rotate(knots, knots.size() / 2);
      swapped[i] = squares(form, steps, model.changes(steps, knots), false);
    }
    return new Calibration(
        EpisodeBootstrap.ratio(error, none, seed),
        EpisodeBootstrap.ratio(swapped, error, seed),
        EpisodeBootstrap.ratio(brier, base, seed),
        auc(flat(successes), flat(failures)));
  }

  /** Whether all three tests are passed with their whole interval. */
  boolean passed() {
    return error.high() < MOST_ERROR && swapped.low() > 1 && brier.high() < 1;
  }

  Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    put(numbers, "dynamics_error", error);
    put(numbers, "swapped_error", swapped);
    put(numbers, "brier", brier);
    numbers.put("auc", auc);
    return numbers;
  }

  private static void put(Map<String, Double> numbers, String name, Interval interval) {
    numbers.put(name, interval.value());
    numbers.put(name + "_low", interval.low());
    numbers.put(name + "_high", interval.high());
  }

  String inWords() {
    return String.format(
        Locale.ROOT,
        "on held-out episodes its error is %.2f [%.2f, %.2f] of that of no change (wanted below %.1f), %.2f [%.2f, %.2f] times as large with another step's commands (wanted above 1), and its Brier score %.2f [%.2f, %.2f] of the base rate's (wanted below 1), AUC %.2f",
        error.value(),
        error.low(),
        error.high(),
        MOST_ERROR,
        swapped.value(),
        swapped.low(),
        swapped.high(),
        brier.value(),
        brier.low(),
        brier.high(),
        auc);
  }

  private static double squares(
      LoggedSteps form, List<Step> steps, float[] foreseen, boolean still) {
    float[] actual = new float[foreseen.length];
    float[] guess = still ? new float[foreseen.length] : foreseen;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      form.change(step.observation(), step.frame(), actual, i * form.frameWidth());
      if (still) {
        float[] same = form.still(step.observation());
        form.change(step.observation(), same, guess, i * form.frameWidth());
      }
    }
    double sum = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = (double) guess[i] - actual[i];
      sum += difference * difference;
    }
    return sum;
  }

  private static double[] flat(List<double[]> all) {
    return all.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
  }

  /** By ranks; both sorted. */
  private static double auc(double[] successes, double[] failures) {
    double above = 0;
    int below = 0;
    int upTo = 0;
    for (double value : successes) {
      while (below < failures.length && failures[below] < value) {
        below++;
      }
      while (upTo < failures.length && failures[upTo] <= value) {
        upTo++;
      }
      above += 0.5 * (below + upTo);
    }
    return above / ((double) successes.length * failures.length);
  }
}
