package dev.forearm.models.grad;

import dev.forearm.models.onnx.HostTensor;
import java.util.LinkedHashMap;
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
   * Checks every gradient output of a training graph.
   *
   * @param train the graph
   * @param feeds data by input name; parameters may be left out for the values they start from
   * @param directions random directions for each parameter, beside the gradient's own
   * @param seed for the directions
   */
  public static GradientErrors run(
      TrainableGraph train, Map<String, HostTensor> feeds, int directions, long seed) {
    Map<String, HostTensor> point = new LinkedHashMap<>(train.parameters());
    point.putAll(feeds);
    point.keySet().retainAll(train.graph().inputs().keySet());
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (HostRun run = new HostRun(train.graph())) {
      run.run(point)
          .forEach((output, value) -> {
            if (output.startsWith(TrainableGraph.GRADIENT)) {
              gradients.put(output.substring(TrainableGraph.GRADIENT.length()), value.doubles());
            }
          });
    }
    double greatest = gradients.values().stream().mapToDouble(Vectors::length).max().orElse(0);
    Map<String, Double> errors = new LinkedHashMap<>();
    try (FrozenBranches loss = new FrozenBranches(train.graph())) {
      loss.freeze(point);
      Random random = new Random(seed);
      gradients.forEach((name, gradient) ->
          errors.put(
              TrainableGraph.GRADIENT + name,
              worst(loss, point, name, gradient, greatest, directions, random)));
    }
    return new GradientErrors("error of the slope to finite differences", TOLERANCE, errors);
  }

  private static double worst(
      FrozenBranches loss,
      Map<String, HostTensor> point,
      String name,
      double[] gradient,
      double greatest,
      int directions,
      Random random) {
    double length = Vectors.length(gradient);
    if (Double.isNaN(length)) {
      return Double.POSITIVE_INFINITY;
    }
    double[] own = Vectors.unit(gradient);
    double worst = 0;
    for (int i = 0; i <= directions; i++) {
      double[] other = Vectors.unit(Vectors.gaussian(gradient.length, random));
      double[] direction = i == 0 && length > 0 ? own : Vectors.unit(Vectors.plus(other, 1, own));
      worst =
          Math.max(worst, along(loss, point, name, gradient, direction, NOISE_SHARE * greatest));
    }
    return worst;
  }

  /** The error of the slope, by the length of the gradient; 0 is perfect. */
  private static double along(
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
    double slope = Vectors.dot(gradient, direction);
    double steepest = Vectors.length(gradient);
    double reach = Math.max(Vectors.length(at), 0.1 * Math.sqrt(at.length));
    double best = Double.POSITIVE_INFINITY;
    for (double step : STEPS) {
      double length = step * reach;
      double up = loss.loss(moved(point, name, value, Vectors.plus(at, length, direction)));
      double down = loss.loss(moved(point, name, value, Vectors.plus(at, -length, direction)));
      double difference = (up - down) / (2 * length);
      double resolution = LOSS_RESOLUTION * (Math.abs(up) + Math.abs(down)) / (2 * length) + noise;
      double flat = FLAT * (Math.abs(up) + Math.abs(down)) / (2 * reach) + 1e-12;
      double scale = Math.max(Math.max(steepest, Math.abs(difference)), flat);
      if (resolution > RESOLVED * scale && step < STEPS[1]) {
        break;
      }
      double error = Math.abs(difference - slope) / Math.max(scale, resolution / RESOLVED);
      best = error < best ? error : best;
      if (best < TOLERANCE / 10) {
        break; // no shorter step makes it better by what matters
      }
    }
    return best;
  }

  private static Map<String, HostTensor> moved(
      Map<String, HostTensor> point, String name, HostTensor value, double[] to) {
    Map<String, HostTensor> feeds = new LinkedHashMap<>(point);
    feeds.put(name, HostTensor.ofValues(value.type(), value.dims(), to));
    return feeds;
  }
}
