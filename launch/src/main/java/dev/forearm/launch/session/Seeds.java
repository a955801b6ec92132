package dev.forearm.launch.session;

import java.util.SplittableRandom;

/** The start states of a run, derived from one number: equal seeds, equal episodes. */
public final class Seeds {
  private final SplittableRandom random;

  public Seeds(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The next episode's seed, not negative. */
  public long next() {
    return random.nextInt(Integer.MAX_VALUE);
  }
}
