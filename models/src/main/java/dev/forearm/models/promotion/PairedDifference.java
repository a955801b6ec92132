package dev.forearm.models.promotion;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How much more often a candidate succeeded than an incumbent on the same starts.
 *
 * @param pairs of outcomes: one for each start, of several learners one for each learner and start
 * @param won pairs in which only the candidate succeeded
 * @param lost pairs in which only the incumbent succeeded
 * @param difference of the success rates, candidate minus incumbent
 * @param low lower end of the 95 % interval of the difference
 * @param high upper end
 */
public record PairedDifference(
    int pairs, int won, int lost, double difference, double low, double high) {
  private static final int RESAMPLES = 10_000;

  /**
   * Compares outcomes of equal length, start by start. The interval is the percentile bootstrap's
   * over starts, of 10,000 resamples; where no start told the two apart it is one point, which says
   * nothing about other starts.
   *
   * @param seed of the resamples: equal outcomes and seeds, equal intervals
   * @throws IllegalArgumentException if the lengths differ or are 0
   */
  public static PairedDifference of(boolean[] incumbent, boolean[] candidate, long seed) {
    return of(List.of(incumbent), List.of(candidate), seed);
  }

  /**
   * Compares several learners' outcomes of equal length on the same starts, learner by learner and
   * start by start. Learners are resampled as well as starts, so that the interval is about other
   * learners too; the pairs of a start are resampled together.
   *
   * @see #of(boolean[], boolean[], long)
   */
  public static PairedDifference of(
      List<boolean[]> incumbents, List<boolean[]> candidates, long seed) {
    List<Integer> lengths =
        Stream.of(incumbents, candidates).flatMap(List::stream).map(each -> each.length).toList();
    int learners = candidates.size();
    int starts = lengths.isEmpty() ? 0 : lengths.getFirst();
    if (starts == 0
        || incumbents.size() != learners
        || lengths.stream().anyMatch(length -> length != starts)) {
      throw new IllegalArgumentException(
          "paired difference: found %s and %s learners with outcomes of %s starts, wanted equally many"
              .formatted(incumbents.size(), learners, lengths));
    }
    int[][] differences = new int[learners][starts];
    int won = 0;
    int lost = 0;
    for (int learner = 0; learner < learners; learner++) {
      boolean[] incumbent = incumbents.get(learner);
      boolean[] candidate = candidates.get(learner);
      for (int i = 0; i < starts; i++) {
        differences[learner][i] = (candidate[i] ? 1 : 0) - (incumbent[i] ? 1 : 0);
        won += candidate[i] && !incumbent[i] ? 1 : 0;
        lost += incumbent[i] && !candidate[i] ? 1 : 0;
      }
    }
    int pairs = learners * starts;
    double[] means = resampledMeans(differences, seed);
    return new PairedDifference(
        pairs,
        won,
        lost,
        (double) (won - lost) / pairs,
        means[(int) (0.025 * RESAMPLES)],
        means[(int) (0.975 * RESAMPLES) - 1]);
  }

  private static double[] resampledMeans(int[][] differences, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int starts = differences[0].length;
    int[][] learners = differences.clone();
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      if (learners.length > 1) {
        Arrays.setAll(learners, _ -> differences[random.nextInt(differences.length)]);
      }
      int sum = 0;
      for (int k = 0; k < starts; k++) {
        int start = random.nextInt(starts);
        for (int[] learner : learners) {
          sum += learner[start];
        }
      }
      means[i] = (double) sum / (starts * learners.length);
    }
    Arrays.sort(means);
    return means;
  }

  /** For people, such as {@code +.05 [-.02, +.11]}. */
  public String inWords() {
    return String.format(Locale.ROOT, "%+.3f [%+.3f, %+.3f]", difference, low, high);
  }
}
