package dev.forearm.models.grad;

import dev.forearm.models.onnx.HostTensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Compares the gradients of a training graph with finite differences of its loss along directions:
 * the gradient's own and random ones leaning to it. Guards against a wrongly exported graph and a
 * wrong rule.
 *
 * <p>A loss in float32 has about seven digits, so a difference of two losses has few. Each
 * direction is tried with several step lengths, as long as rounding stays small beside the slope,
 * and counts as right when one of them agrees. Branches are held ({@link FrozenBranches}).
 */
public final class GradientCheck {
  /** Below this a difference is what float32 and curvature leave: 3 %. */
  public static final double TOLERANCE = 0.03;

  private static final double[] STEPS = {1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5};

  /** What a float32 loss resolves, as a share of itself. */
  private static final double LOSS_RESOLUTION = 3e-7;

  /** Shorter steps drown in rounding once it is this share of the slope. */
  private static final double RESOLVED = 0.02;

  /** A slope is flat when moving by the parameter's own length changes the loss by this share. */
  private static final double FLAT = 1e-3;

  /** Gradients below this share of the greatest are rounding themselves. */
  private static final double NOISE_SHARE = 1e-5;

  private GradientCheck() {}

  /**
   * How one parameter fared.
   *
   * @param name of the parameter or input
   * @param slope the directional derivative that the graph's gradient predicts, in the direction
   *     with the greatest error
   * @param difference what the loss did
   * @param error of the slope, by the length of the gradient; 0 is perfect
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
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (GraphRun run = new GraphRun(train.graph())) {
      run.run(point)
          .forEach((output, value) -> {
            if (output.startsWith(TrainableGraph.GRADIENT)) {
              gradients.put(output.substring(TrainableGraph.GRADIENT.length()), value.doubles());
            }
          });
    }
    double greatest = gradients.values().stream().mapToDouble(GradientCheck::norm).max().orElse(0);
    List<Result> results = new ArrayList<>();
    try (FrozenBranches loss = new FrozenBranches(train.graph())) {
      loss.freeze(point);
      Random random = new Random(seed);
      gradients.forEach((name, gradient) ->
          results.add(worst(loss, point, name, gradient, greatest, directions, random)));
    }
    return results;
  }

  /** Whether every parameter is good. */
  public static boolean good(Collection<Result> results) {
    return results.stream().allMatch(Result::good);
  }

  private static Result worst(
      FrozenBranches loss,
      Map<String, HostTensor> point,
      String name,
      double[] gradient,
      double greatest,
      int directions,
      Random random) {
    double length = norm(gradient);
    if (Double.isNaN(length)) {
      return new Result(name, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY);
    }
    Result worst = new Result(name, 0, 0, 0);
    for (int i = 0; i <= directions; i++) {
      double[] direction = gaussian(gradient.length, random);
      double other = norm(direction);
      for (int k = 0; k < direction.length; k++) {
        double own = length == 0 ? 0 : gradient[k] / length;
        direction[k] = i == 0 && length > 0 ? own : own + direction[k] / other;
      }
      Result result = along(loss, point, name, gradient, unit(direction), NOISE_SHARE * greatest);
      worst = result.error() > worst.error() ? result : worst;
    }
    return worst;
  }

  private static Result along(
      FrozenBranches loss,
      Map<String, HostTensor> point,
      String name,
      double[] gradient,
      double[] direction,
      double noise) {
    HostTensor value = point.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value for '" + name + "'");
    }
    double[] at = value.doubles();
    double slope = 0;
    double steepest = norm(gradient);
    for (int k = 0; k < at.length; k++) {
      slope += gradient[k] * direction[k];
    }
    double reach = Math.max(norm(at), 0.1 * Math.sqrt(at.length));
    Result best = new Result(name, slope, Double.NaN, Double.POSITIVE_INFINITY);
    for (double step : STEPS) {
      double length = step * reach;
      double up = loss.loss(moved(point, name, value, at, direction, length));
      double down = loss.loss(moved(point, name, value, at, direction, -length));
      double difference = (up - down) / (2 * length);
      double resolution = LOSS_RESOLUTION * (Math.abs(up) + Math.abs(down)) / (2 * length) + noise;
      double flat = FLAT * (Math.abs(up) + Math.abs(down)) / (2 * reach) + 1e-12;
      double scale = Math.max(Math.max(steepest, Math.abs(difference)), flat);
      if (resolution > RESOLVED * scale && step < STEPS[1]) {
        break;
      }
      double error = Math.abs(difference - slope) / Math.max(scale, resolution / RESOLVED);
      if (error < best.error()) {
        best = new Result(name, slope, difference, error);
      }
    }
    return best;
  }

  private static Map<String, HostTensor> moved(
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
    return feeds;
  }

  private static double[] gaussian(int length, Random random) {
    double[] direction = new double[length];
    for (int k = 0; k < length; k++) {
      direction[k] = random.nextGaussian();
    }
    return direction;
  }

  private static double[] unit(double[] values) {
    double length = Math.max(norm(values), 1e-300);
    double[] unit = new double[values.length];
    for (int k = 0; k < unit.length; k++) {
      unit[k] = values[k] / length;
    }
    return unit;
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
