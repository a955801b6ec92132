package dev.forearm.models.promotion;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * How much more often a candidate succeeded than an incumbent on the same starts.
 *
 * @param pairs starts that both were given
 * @param won starts on which only the candidate succeeded
 * @param lost starts on which only the incumbent succeeded
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
    if (incumbent.length != candidate.length || incumbent.length == 0) {
      throw new IllegalArgumentException(
          "paired difference: found %s and %s outcomes, wanted equally many"
              .formatted(incumbent.length, candidate.length));
    }
    int pairs = incumbent.length;
    int[] difference = new int[pairs];
    int won = 0;
    int lost = 0;
    for (int i = 0; i < pairs; i++) {
      difference[i] = (candidate[i] ? 1 : 0) - (incumbent[i] ? 1 : 0);
      won += Math.max(0, difference[i]);
      lost += Math.max(0, -difference[i]);
    }
    double[] means = resampledMeans(difference, seed);
    return new PairedDifference(
        pairs,
        won,
        lost,
        (double) (won - lost) / pairs,
        means[(int) (0.025 * RESAMPLES)],
        means[(int) (0.975 * RESAMPLES) - 1]);
  }

  private static double[] resampledMeans(int[] values, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      int sum = 0;
      for (int k = 0; k < values.length; k++) {
        sum += values[random.nextInt(values.length)];
      }
      means[i] = (double) sum / values.length;
    }
    Arrays.sort(means);
    return means;
  }

  /** For people, such as {@code +.05 [-.02, +.11]}. */
  public String inWords() {
    return String.format(Locale.ROOT, "%+.3f [%+.3f, %+.3f]", difference, low, high);
  }
}
