package dev.forearm.models.promotion;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * 95 % intervals of what is summed over episodes: percentile bootstrap over episodes, since the
 * steps of one are no independent witnesses.
 */
final class EpisodeBootstrap {
  private static final int RESAMPLES = 2000;

  private EpisodeBootstrap() {}

  /**
   * @param value as it is
   * @param low lower end
   * @param high upper end
   */
  record Interval(double value, double low, double high) {}

  /** The interval of sum over {@code above} by sum over {@code below}, both [episode]. */
  static Interval ratio(double[] above, double[] below, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] ratios = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      double up = 0;
      double down = 0;
      for (int k = 0; k < above.length; k++) {
        int episode = random.nextInt(above.length);
        up += above[episode];
        down += below[episode];
      }
      ratios[i] = up / down;
    }
    Arrays.sort(ratios);
    return new Interval(
        Arrays.stream(above).sum() / Arrays.stream(below).sum(),
        ratios[(int) (0.025 * RESAMPLES)],
        ratios[(int) (0.975 * RESAMPLES) - 1]);
  }
}
