package dev.forearm.models.train;

/**
 * A permutation of the numbers below {@code size} that is computed, not stored: a Feistel network
 * of six rounds over the next larger even number of bits, walked until it lands inside (Black and
 * Rogaway 2002, <a href="https://doi.org/10.1007/3-540-45760-7_9">"Ciphers with arbitrary finite
 * domains"</a>). Any position of any epoch can be asked for at once, so a run resumes from a count.
 */
final class Shuffle {
  private static final int ROUNDS = 6;

  private final long size;
  private final long key;
  private final int halfBits;
  private final long halfMask;

  /**
   * @param size of the set, at least 1
   * @param key picks the permutation
   */
  Shuffle(long size, long key) {
    if (size < 1) {
      throw new IllegalArgumentException("size is " + size + ", wanted 1 or more");
    }
    this.size = size;
    this.key = key;
    int bits = Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(size - 1));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
  }

  /** Where {@code index}, in [0, size), goes. */
  long at(long index) {
    long value = index;
    do {
      value = permute(value);
    } while (value >= size);
    return value;
  }

  private long permute(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (SplitMix.bits(key + round, right) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
