package dev.forearm.models.grad;

import java.util.Random;

/** Gradients and directions as vectors. */
final class Vectors {
  private static final double SMALLEST = 1e-300;

  private Vectors() {}

  /** The Euclidean length. */
  static double length(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  /** In the same direction, of length 1. */
  static double[] unit(double[] values) {
    double length = Math.max(length(values), SMALLEST);
    double[] unit = new double[values.length];
    for (int k = 0; k < unit.length; k++) {
      unit[k] = values[k] / length;
    }
    return unit;
  }

  static double[] gaussian(int length, Random random) {
    double[] direction = new double[length];
    for (int k = 0; k < length; k++) {
      direction[k] = random.nextGaussian();
    }
    return direction;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  /** {@code a + factor b}. */
  static double[] plus(double[] a, double factor, double[] b) {
    double[] sum = a.clone();
    for (int k = 0; k < sum.length; k++) {
      sum[k] += factor * b[k];
    }
    return sum;
  }
}
