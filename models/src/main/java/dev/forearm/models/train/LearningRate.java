package dev.forearm.models.train;

/** How fast to learn at each step; steps count from 0. */
public sealed interface LearningRate {
  /** The rate of this step. */
  double at(long step);

  /** One rate for ever. */
  record Constant(double rate) implements LearningRate {
    public Constant {
      requireRate(rate);
    }

    @Override
    public double at(long step) {
      return rate;
    }
  }

  /**
   * Half a cosine from {@code peak} at step 0 down to {@code floor} at {@code steps}, then flat.
   */
  record Cosine(double peak, double floor, long steps) implements LearningRate {
    public Cosine {
      requireRate(peak);
      requireSteps(steps);
      if (!(floor >= 0 && floor <= peak)) {
        throw new IllegalArgumentException("floor is " + floor + ", wanted in [0, " + peak + "]");
      }
    }

    @Override
    public double at(long step) {
      double done = Math.min(1, (double) step / steps);
      return floor + (peak - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * done));
    }
  }

  /** A straight line from {@code first} at step 0 to {@code last} at {@code steps}, then flat. */
  record Linear(double first, double last, long steps) implements LearningRate {
    public Linear {
      requireRate(first);
      requireSteps(steps);
      if (!(last >= 0)) {
        throw new IllegalArgumentException("last rate is " + last + ", wanted 0 or more");
      }
    }

    @Override
    public double at(long step) {
      double done = Math.min(1, (double) step / steps);
      return first + (last - first) * done;
    }
  }

  /** Multiplies by {@code factor} every {@code every} steps. */
  record Decay(double first, double factor, long every) implements LearningRate {
    public Decay {
      requireRate(first);
      requireSteps(every);
      if (!(factor > 0 && factor <= 1)) {
        throw new IllegalArgumentException("factor is " + factor + ", wanted in (0, 1]");
      }
    }

    @Override
    public double at(long step) {
      long times = step / every;
      return first * StrictMath.pow(factor, (double) times);
    }
  }

  /**
   * Rises from {@code 1 / steps} of {@code then}'s first rate to all of it, then follows {@code
   * then} from its step 0.
   */
  record Warmup(long steps, LearningRate then) implements LearningRate {
    public Warmup {
      requireSteps(steps);
    }

    @Override
    public double at(long step) {
      return step < steps ? then.at(0) * (step + 1) / steps : then.at(step - steps);
    }
  }

  private static void requireRate(double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learning rate is " + rate + ", wanted above 0");
    }
  }

  private static void requireSteps(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps is " + steps + ", wanted 1 or more");
    }
  }
}
