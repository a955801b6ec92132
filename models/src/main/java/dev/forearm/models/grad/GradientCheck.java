package dev.forearm.models.grad;

import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.ort.Optimization;
import dev.forearm.models.ort.SessionOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Compares the gradients of a training graph with finite differences of its loss along directions:
 * the gradient's own and random ones. Guards against a wrongly exported graph and a wrong rule.
 *
 * <p>A loss in float32 has about seven digits, so a difference of two losses has few. Each
 * direction is tried with several step lengths, as long as rounding stays small beside the slope,
 * and counts as right when one of them agrees.
 */
public final class GradientCheck {
  /** Below this a difference is what float32 and curvature leave: 3 %. */
  public static final double TOLERANCE = 0.03;

  private static final double[] STEPS = {3e-2, 1e-2, 3e-3, 1e-3, 3e-4};

  /** What a float32 loss resolves, as a share of itself. */
  private static final double LOSS_RESOLUTION = 1e-6;

  /** A slope counts as resolved when rounding is below this share of it. */
  private static final double RESOLVED = 0.01;

  private GradientCheck() {}

  /**
   * How one parameter fared.
   *
   * @param name of the parameter or input
   * @param slope the directional derivative that the graph's gradient predicts, in the direction
   *     with the greatest error
   * @param difference what the loss did
   * @param error relative, 0 is perfect
   */
  public record Result(String name, double slope, double difference, double error) {
    public boolean good() {
      return error <= TOLERANCE;
    }
  }

  /**
   * Checks every gradient output of a training graph.
   *
   * @param train the graph
   * @param feeds data by input name; parameters may be left out for the values they start from
   * @param directions random directions for each parameter, beside the gradient's own
   * @param seed for the directions
   */
  public static List<Result> run(
      TrainableGraph train, Map<String, HostTensor> feeds, int directions, long seed) {
    Map<String, HostTensor> point = new LinkedHashMap<>(train.parameters());
    point.putAll(feeds);
    point.keySet().retainAll(train.graph().inputs().keySet());
    List<Result> results = new ArrayList<>();
    SessionOptions options = new SessionOptions().optimization(Optimization.BASIC);
    try (GraphRun run = new GraphRun(train.graph(), options)) {
      Map<String, HostTensor> at = run.run(point);
      Random random = new Random(seed);
      for (Map.Entry<String, HostTensor> output : at.entrySet()) {
        if (output.getKey().startsWith(TrainableGraph.GRADIENT)) {
          String name = output.getKey().substring(TrainableGraph.GRADIENT.length());
          results.add(worst(run, point, name, output.getValue().doubles(), directions, random));
        }
      }
    }
    return results;
  }

  /** Whether every parameter is good. */
  public static boolean good(Collection<Result> results) {
    return results.stream().allMatch(Result::good);
  }

  private static Result worst(
      GraphRun run,
      Map<String, HostTensor> point,
      String name,
      double[] gradient,
      int directions,
      Random random) {
    Result worst = new Result(name, 0, 0, 0);
    for (int i = 0; i <= directions; i++) {
      double[] direction = i == 0 ? gradient.clone() : gaussian(gradient.length, random);
      double length = norm(direction);
      if (length == 0 || Double.isNaN(length)) {
        if (Double.isNaN(length)) {
          return new Result(name, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY);
        }
        continue;
      }
      for (int k = 0; k < direction.length; k++) {
        direction[k] /= length;
      }
      Result result = along(run, point, name, gradient, direction);
      worst = result.error() > worst.error() ? result : worst;
    }
    return worst;
  }

  private static Result along(
      GraphRun run,
      Map<String, HostTensor> point,
      String name,
      double[] gradient,
      double[] direction) {
    HostTensor value = point.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value for '" + name + "'");
    }
    double[] at = value.doubles();
    double slope = 0;
    for (int k = 0; k < at.length; k++) {
      slope += gradient[k] * direction[k];
    }
    double reach = Math.max(norm(at), 0.1 * Math.sqrt(at.length));
    Result best = new Result(name, slope, Double.NaN, Double.POSITIVE_INFINITY);
    for (double step : STEPS) {
      double length = step * reach;
      double up = loss(run, point, name, value, at, direction, length);
      double down = loss(run, point, name, value, at, direction, -length);
      double difference = (up - down) / (2 * length);
      double resolution = LOSS_RESOLUTION * (Math.abs(up) + Math.abs(down) + 1e-6) / (2 * length);
      double scale = Math.max(Math.max(Math.abs(slope), Math.abs(difference)), 1e-12);
      boolean resolved = resolution <= RESOLVED * scale;
      if (!resolved && step < STEPS[0]) {
        break; // shorter steps drown in rounding
      }
      double error = Math.abs(difference - slope) / Math.max(scale, resolution / RESOLVED);
      if (error < best.error()) {
        best = new Result(name, slope, difference, error);
      }
    }
    return best;
  }

  private static double loss(
      GraphRun run,
      Map<String, HostTensor> point,
      String name,
      HostTensor value,
      double[] at,
      double[] direction,
      double length) {
    double[] moved = at.clone();
    for (int k = 0; k < moved.length; k++) {
      moved[k] += length * direction[k];
    }
    Map<String, HostTensor> feeds = new LinkedHashMap<>(point);
    feeds.put(name, HostTensor.ofValues(value.type(), value.dims(), moved));
    HostTensor loss = run.run(feeds).get(TrainableGraph.LOSS);
    return loss == null ? Double.NaN : loss.at(0);
  }

  private static double[] gaussian(int length, Random random) {
    double[] direction = new double[length];
    for (int k = 0; k < length; k++) {
      direction[k] = random.nextGaussian();
    }
    return direction;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
