package dev.forearm.models.value;

import java.util.Arrays;

/**
 * What steps pay in the end. Steps may last differently long, so each has a discount of its own:
 * what of the next one's worth counts for it. The last one of an episode has 0.
 */
public final class Returns {
  private Returns() {}

  /**
   * What is paid from each step on.
   *
   * @param rewards of each step
   * @param discounts of each step
   */
  public static double[] discounted(double[] rewards, double[] discounts) {
    double[] returns = new double[rewards.length];
    double next = 0;
    for (int i = rewards.length - 1; i >= 0; i--) {
      next = rewards[i] + discounts[i] * next;
      returns[i] = next;
    }
    return returns;
  }

  /**
   * Generalised advantage estimates (<a href="https://arxiv.org/abs/1506.02438">Schulman et al.,
   * 2016</a>, eq. 16).
   *
   * @param values of each step, as a critic has them
   * @param trace lambda: 0 trusts the critic, 1 what was paid
   */
  public static double[] advantages(
      double[] rewards, double[] discounts, double[] values, double trace) {
    double[] advantages = new double[rewards.length];
    double next = 0;
    double following = 0;
    for (int i = rewards.length - 1; i >= 0; i--) {
      next = rewards[i] + discounts[i] * following - values[i] + discounts[i] * trace * next;
      advantages[i] = next;
      following = values[i];
    }
    return advantages;
  }

  /** The same with mean 0 and variance 1, in place; all 0 where they do not differ. */
  public static double[] standardised(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double variance =
        Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElse(0);
    double deviation = Math.sqrt(variance);
    Arrays.setAll(values, i -> deviation == 0 ? 0 : (values[i] - mean) / deviation);
    return values;
  }
}
