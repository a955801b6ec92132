package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gradients of a training graph beside given ones, tensor by tensor. */
public final class GradientComparison {
  /** The greatest relative error that passes. */
  public static final double TOLERANCE = 1e-3;

  /**
   * What float32 leaves of a gradient that should be nothing, beside the greatest gradient: below
   * this share a tensor is measured against the share instead of itself.
   */
  private static final double NOISE_SHARE = 1e-4;

  private GradientComparison() {}

  /**
   * One tensor's error.
   *
   * @param name {@code loss} or {@code grad.NAME}
   * @param error Euclidean length of the difference by length of the expected
   */
  public record Result(String name, double error) {
    public boolean good() {
      return error <= TOLERANCE;
    }
  }

  /**
   * Compares.
   *
   * @param found outputs of the training graph by name
   * @param expected {@code loss} and {@code grad.NAME}, any floating type
   */
  public static List<Result> compare(
      Map<String, HostTensor> found, Map<String, HostTensor> expected) {
    double greatest = 0;
    for (Map.Entry<String, HostTensor> entry : expected.entrySet()) {
      if (entry.getKey().startsWith(TrainableGraph.GRADIENT)) {
        greatest = Math.max(greatest, norm(entry.getValue().doubles()));
      }
    }
    List<Result> results = new ArrayList<>();
    for (Map.Entry<String, HostTensor> entry : expected.entrySet()) {
      String name = entry.getKey();
      boolean gradient = name.startsWith(TrainableGraph.GRADIENT);
      if (!gradient && !name.equals(TrainableGraph.LOSS)) {
        continue;
      }
      double[] want = entry.getValue().doubles();
      HostTensor have = found.get(name);
      // What the loss does not depend on has no output and a gradient of zero.
      double[] values = have == null && gradient ? new double[want.length] : values(have, name);
      if (values.length != want.length) {
        throw new ModelsFault(
            "compare gradients: '"
                + name
                + "' has "
                + values.length
                + " elements, expected "
                + want.length
                + "; the graph and the expected values are of different exports");
      }
      double[] difference = new double[want.length];
      for (int i = 0; i < want.length; i++) {
        difference[i] = want[i] - values[i];
      }
      double floor = gradient ? NOISE_SHARE * greatest : 0;
      double scale = Math.max(Math.max(norm(want), floor), 1e-12);
      double error = norm(difference) / scale;
      results.add(new Result(name, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error));
    }
    return results;
  }

  private static double[] values(@org.jspecify.annotations.Nullable HostTensor have, String name) {
    if (have == null) {
      throw new ModelsFault("compare gradients: the graph gives no '" + name + "'");
    }
    return have.doubles();
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
