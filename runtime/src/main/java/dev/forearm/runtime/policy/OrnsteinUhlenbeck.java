package dev.forearm.runtime.policy;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Ornstein-Uhlenbeck processes side by side, seeded: each strays from zero and is drawn back, so
 * that what it is now says what it will be soon (Uhlenbeck and Ornstein, 1930). Stepped exactly,
 * whatever the step. Owned by one thread; {@link #step} allocates nothing.
 */
public final class OrnsteinUhlenbeck {
  private final double keep;
  private final double[] kick;
  private final double[] values;
  private SplittableRandom random = new SplittableRandom(0);

  /**
   * All at zero.
   *
   * @param std standard deviation of each in the long run
   * @param correlationSeconds over which a value is forgotten
   */
  public OrnsteinUhlenbeck(double[] std, double correlationSeconds, double stepSeconds) {
    keep = Math.exp(-stepSeconds / correlationSeconds);
    kick = Arrays.stream(std).map(each -> each * Math.sqrt(1 - keep * keep)).toArray();
    values = new double[std.length];
  }

  /** Starts over from zero. */
  public void restart(long seed) {
    random = new SplittableRandom(seed);
    Arrays.fill(values, 0);
  }

  /** One step on. */
  public void step() {
    for (int i = 0; i < values.length; i++) {
      values[i] = keep * values[i] + kick[i] * random.nextGaussian();
    }
  }

  public double value(int process) {
    return values[process];
  }
}
