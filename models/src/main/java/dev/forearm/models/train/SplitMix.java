package dev.forearm.models.train;

/**
 * Random numbers as a pure function of where they are used, so that there is no state to save:
 * SplitMix64 (Steele, Lea and Flood 2014, <a
 * href="https://doi.org/10.1145/2714064.2660195">doi:10.1145/2714064.2660195</a>).
 */
public final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private SplitMix() {}

  /** 64 well mixed bits of a key and a counter. */
  public static long bits(long key, long counter) {
    long z = key + (counter + 1) * GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** A number in (0, 1], never 0. */
  public static double uniform(long key, long counter) {
    return ((bits(key, counter) >>> 11) + 1) * 0x1p-53;
  }

  /** A standard normal number, by Box and Muller's transform of two uniform ones. */
  static double normal(long key, long counter) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform(key, 2 * counter)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(key, 2 * counter + 1));
  }
}
