package dev.forearm.ros.image;

/**
 * How one axis of a picture comes to another length: each output value is a weighted sum of
 * neighbouring input values. The weights are those of a triangle filter that widens when it
 * shrinks, as in PyTorch's {@code interpolate(mode="bilinear", antialias=True)} and in torchvision;
 * equal lengths give the input as it is.
 */
final class Axis {
  private final int[] first;
  private final float[][] weights;

  /**
   * @param in values of the input, at least 1
   * @param out values of the output, at least 1
   */
  Axis(int in, int out) {
    first = new int[out];
    weights = new float[out][];
    double scale = (double) in / out;
    double support = Math.max(scale, 1);
    for (int i = 0; i < out; i++) {
      double centre = scale * (i + 0.5);
      int from = Math.max((int) (centre - support + 0.5), 0);
      int to = Math.min((int) (centre + support + 0.5), in);
      first[i] = from;
      weights[i] = triangle(centre, support, from, to);
    }
  }

  private static float[] triangle(double centre, double support, int from, int to) {
    double[] heights = new double[to - from];
    double sum = 0;
    for (int k = 0; k < heights.length; k++) {
      heights[k] = Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / support);
      sum += heights[k];
    }
    float[] weights = new float[heights.length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = (float) (heights[k] / sum);
    }
    return weights;
  }

  /** Values of the output. */
  int length() {
    return first.length;
  }

  /** The first input value that output {@code index} is made of. */
  int first(int index) {
    return first[index];
  }

  /** Weights of that and the following input values; they add up to 1. */
  float[] weights(int index) {
    return weights[index];
  }
}
