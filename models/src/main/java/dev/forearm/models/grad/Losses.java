package dev.forearm.models.grad;

import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Losses as graph fragments. Each appends standard operators and gives the name of a value of rank
 * 0: the mean over all elements, or over all but the last axis where a row is one distribution.
 * Values are named tensors of the graph; those that come with the data are declared with {@link
 * GraphBuilder#input}.
 */
public final class Losses {
  private Losses() {}

  /** mean((prediction - target)^2). */
  public static String meanSquaredError(GraphBuilder o, String prediction, String target) {
    return o.average(o.square(o.sub(prediction, target)));
  }

  /**
   * The Huber loss: half the square up to {@code delta}, linear beyond. Formula: PyTorch's {@code
   * huber_loss}.
   */
  public static String huber(GraphBuilder o, String prediction, String target, double delta) {
    String error = o.op("Abs", o.sub(prediction, target));
    String limit = o.number(delta, error);
    String small = o.op("Min", error, limit);
    String line = o.scale(o.sub(error, small), delta);
    return o.average(o.add(o.scale(o.square(small), 0.5), line));
  }

  /**
   * Negative log likelihood of a diagonal Gaussian without its constant: mean of (log variance +
   * (target - mean)^2 / variance) / 2.
   */
  public static String gaussianNll(GraphBuilder o, String mean, String logVariance, String target) {
    String error = o.square(o.sub(target, mean));
    String scaled = o.mul(error, o.op("Exp", o.neg(logVariance)));
    return o.scale(o.average(o.add(logVariance, scaled)), 0.5);
  }

  /**
   * Flow matching on straight paths x(t) = (1 - t) noise + t action: the velocity to predict is
   * action - noise (Lipman et al. 2023). The graph gets x(t) and t as inputs; a model that runs
   * from action to noise gives the two in the other order.
   */
  public static String flowMatching(GraphBuilder o, String velocity, String noise, String action) {
    return meanSquaredError(o, velocity, o.sub(action, noise));
  }

  /**
   * Cross-entropy of class labels.
   *
   * @param logits [..., classes]
   * @param labels int64, one axis less
   */
  public static String crossEntropy(GraphBuilder o, String logits, String labels) {
    String logProbability = o.node("LogSoftmax", logits).with("axis", -1L).one();
    String chosen =
        o.node("GatherElements", logProbability, o.unsqueeze(labels, -1)).with("axis", -1L).one();
    return o.neg(o.average(chosen));
  }

  /** KL(p | q) of diagonal Gaussians, summed over the last axis, mean over the rest. */
  public static String klGaussians(
      GraphBuilder o, String meanP, String logVarianceP, String meanQ, String logVarianceQ) {
    String ratio = o.sub(logVarianceP, logVarianceQ);
    String gap = o.mul(o.square(o.sub(meanP, meanQ)), o.op("Exp", o.neg(logVarianceQ)));
    String terms = o.sub(o.add(o.op("Exp", ratio), gap), o.shift(ratio, 1));
    return o.scale(o.average(o.sum(terms, false, -1)), 0.5);
  }

  /** KL(p | N(0, 1)) of a diagonal Gaussian, summed over the last axis, mean over the rest. */
  public static String klToStandard(GraphBuilder o, String mean, String logVariance) {
    String terms = o.sub(o.add(o.op("Exp", logVariance), o.square(mean)), o.shift(logVariance, 1));
    return o.scale(o.average(o.sum(terms, false, -1)), 0.5);
  }

  /**
   * The clipped policy ratio of PPO (Schulman et al. 2017, eq. 7), to be made small.
   *
   * @param clip how far the ratio may leave 1, for example 0.2
   */
  public static String clippedPolicyRatio(
      GraphBuilder o,
      String logProbability,
      String oldLogProbability,
      String advantage,
      double clip) {
    String ratio = o.op("Exp", o.sub(logProbability, oldLogProbability));
    String bounded = o.op("Clip", ratio, o.number(1 - clip, ratio), o.number(1 + clip, ratio));
    return o.neg(o.average(o.op("Min", o.mul(ratio, advantage), o.mul(bounded, advantage))));
  }

  /**
   * Advantage-weighted regression (Peng et al. 2019): -mean(min(exp(advantage / temperature),
   * limit) log probability); no gradient flows into the weights.
   */
  public static String advantageWeighted(
      GraphBuilder o, String logProbability, String advantage, double temperature, double limit) {
    String weight = o.op("Exp", o.scale(advantage, 1 / temperature));
    String bounded = o.op("Min", weight, o.number(limit, weight));
    return o.neg(o.average(o.mul(stopGradient(o, bounded), logProbability)));
  }

  /**
   * Log density of a diagonal Gaussian, summed over all axes but the first.
   *
   * @param logDeviation log of the standard deviation, of a shape that broadcasts to the mean's
   */
  public static String gaussianLogProbability(
      GraphBuilder o, String value, String mean, String logDeviation) {
    String z = o.mul(o.sub(value, mean), o.op("Exp", o.neg(logDeviation)));
    String terms = o.add(o.scale(o.square(z), 0.5), logDeviation);
    return o.neg(sumRows(o, o.shift(terms, 0.5 * Math.log(2 * Math.PI))));
  }

  /** Sums over all axes but the first. */
  static String sumRows(GraphBuilder o, String value) {
    return o.sum(value, false, LongStream.range(1, o.rank(value)).toArray());
  }

  /** The same value, through which no gradient flows. */
  public static String stopGradient(GraphBuilder o, String value) {
    String output = o.fresh(Node.STOP_GRADIENT);
    o.append(
        new Node(Node.STOP_GRADIENT, "forearm", "", List.of(value), List.of(output), Map.of()));
    return output;
  }
}
