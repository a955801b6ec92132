package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of a training graph beside given ones, tensor by tensor.
 *
 * <p>A tensor's error is the Euclidean length of the difference by the length of what was expected.
 * One number has to be excepted: a gradient that is zero in exact arithmetic (the bias in front of
 * a softmax, say) comes out of float32 as rounding and has no relative error. So an absolute error
 * of one float32 rounding of the greatest gradient, {@code 1e-7} of its length, is always good:
 * lengths below {@code 1e-4} of the greatest are measured against that. PyTorch's own float32
 * leaves 5e-9 to 2e-8 there, on attention and on convolutions before a normalisation; gradients
 * that are small and not zero are right to 1e-6 of themselves.
 */
public final class GradientComparison {
  /** The greatest relative error that is good. */
  public static final double TOLERANCE = 1e-3;

  /** Tolerance times this is one float32 rounding, 1e-7. */
  private static final double ROUNDING_SHARE = 1e-4;

  private static final double SMALLEST = 1e-30;

  private GradientComparison() {}

  /**
   * Compares.
   *
   * @param found outputs of the training graph by name
   * @param expected {@code loss} and {@code grad.NAME}, any floating type; others are ignored
   * @throws ModelsFault if a shape differs
   */
  public static GradientErrors compare(
      Map<String, HostTensor> found, Map<String, HostTensor> expected) {
    double greatest = 0;
    for (Map.Entry<String, HostTensor> entry : expected.entrySet()) {
      if (entry.getKey().startsWith(TrainableGraph.GRADIENT)) {
        greatest = Math.max(greatest, Vectors.length(entry.getValue().doubles()));
      }
    }
    Map<String, Double> errors = new LinkedHashMap<>();
    for (Map.Entry<String, HostTensor> entry : expected.entrySet()) {
      String name = entry.getKey();
      boolean gradient = name.startsWith(TrainableGraph.GRADIENT);
      if (gradient || name.equals(TrainableGraph.LOSS)) {
        double floor = gradient ? ROUNDING_SHARE * greatest : 0;
        errors.put(name, error(name, found.get(name), entry.getValue(), floor));
      }
    }
    return new GradientErrors("relative error to the given gradients", TOLERANCE, errors);
  }

  private static double error(
      String name, @Nullable HostTensor found, HostTensor expected, double floor) {
    double[] want = expected.doubles();
    double scale = Math.max(Math.max(Vectors.length(want), floor), SMALLEST);
    if (found == null) { // what the loss does not depend on has no output and a gradient of zero
      return Vectors.length(want) / scale;
    }
    if (!Arrays.equals(withoutOnes(found), withoutOnes(expected))) {
      throw new ModelsFault(
          "compare gradients: '"
              + name
              + "' is "
              + found
              + ", expected "
              + expected
              + "; graph and expected values are of different exports");
    }
    double[] have = found.doubles();
    for (int i = 0; i < want.length; i++) {
      want[i] -= have[i];
    }
    double error = Vectors.length(want) / scale;
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  private static long[] withoutOnes(HostTensor value) {
    return Arrays.stream(value.dims()).filter(size -> size != 1).toArray();
  }
}
