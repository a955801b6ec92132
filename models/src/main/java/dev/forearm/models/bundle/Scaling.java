package dev.forearm.models.bundle;

import java.util.Arrays;

/**
 * Between physical units and those that a graph works on: {@code value = reference + mean + std *
 * normalised}. The reference is what the observation says of the same thing, or 0.
 *
 * @param mean of each value
 * @param std of each value, positive
 * @param reference where in the observation each value's reference stands; empty: it is 0
 */
@SuppressWarnings("ArrayRecordComponent") // read in the inner loop, not copied
public record Scaling(float[] mean, float[] std, int[] reference) {
  public Scaling {
    if (mean.length != std.length || (reference.length != 0 && reference.length != mean.length)) {
      throw new IllegalArgumentException(
          "mean has %s values, std %s, reference %s"
              .formatted(mean.length, std.length, reference.length));
    }
  }

  /** Number of values. */
  public int width() {
    return mean.length;
  }

  /** What a graph is to see in place of value {@code at}. */
  public float normalised(float[] observation, int at, float value) {
    float change = reference.length == 0 ? value : value - observation[reference[at]];
    return (change - mean[at]) / std[at];
  }

  /** What value {@code at} of a graph stands for. */
  public double physical(float[] observation, int at, float normalised) {
    float change = mean[at] + std[at] * normalised;
    return reference.length == 0 ? change : (double) observation[reference[at]] + change;
  }

  /** Whether both make the same number of the same value. */
  public boolean sameAs(Scaling other) {
    return Arrays.equals(mean, other.mean)
        && Arrays.equals(std, other.std)
        && Arrays.equals(reference, other.reference);
  }
}
