package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.List;
import java.util.Optional;

/**
 * What training makes small: which outputs of a graph it looks at, and which data it compares them
 * with. Data become inputs of the training graph under the names below.
 *
 * <p>An output is found by its name, or else by its place: "mean (1st)" is the output {@code mean},
 * or the first one where none is called so. B is the batch, the first dimension.
 */
public sealed interface Loss extends TrainableGraph.LossFragment {
  /** Mean of squared differences. Prediction (1st); data {@code target}, shaped as it. */
  record MeanSquared() implements Loss {}

  /**
   * Half the square up to a difference of {@code delta}, linear beyond. Prediction (1st); data
   * {@code target}, shaped as it.
   */
  record Huber(double delta) implements Loss {
    public Huber {
      requirePositive("delta", delta);
    }
  }

  /**
   * As {@link Huber}, and weight times KL(N(prediction, 1) | N(anchor, 1)), summed over the last
   * axis: what it predicts stays near what another did. Data {@code target} and {@code anchor},
   * shaped as the prediction (1st).
   */
  record AnchoredHuber(double delta, double weight) implements Loss {
    public AnchoredHuber {
      requirePositive("delta", delta);
      requirePositive("weight", weight);
    }
  }

  /**
   * Negative log likelihood of a diagonal Gaussian. {@code mean} (1st), {@code log_variance} (2nd);
   * data {@code target}, shaped as the mean.
   */
  record GaussianNll() implements Loss {}

  /**
   * Flow matching on straight paths. The graph predicts a velocity (1st) from two inputs of its
   * own: a point on the path and the time. Data are {@code target}, where the path leads, shaped as
   * the point; {@code noise} likewise, standard normal; and the time, in (0, 1]. The point is then
   * no input any more: it is noise + time (target - noise), and the velocity is target - noise.
   *
   * @param pointInput name of the graph's input that takes the point
   * @param timeInput name of the graph's input that takes the time, one number a row
   * @param fromTarget whether the path runs the other way: from the target at time 0 to the noise
   */
  record FlowMatching(String pointInput, String timeInput, boolean fromTarget) implements Loss {}

  /**
   * Cross-entropy of classes. {@code logits} (1st), [B, ..., classes]; data {@code target}, int64,
   * [B, ...].
   */
  record CrossEntropy() implements Loss {}

  /**
   * KL(p | q) of diagonal Gaussians, summed over the last axis. p is {@code mean} (1st) and {@code
   * log_variance} (2nd); q is {@code prior_mean} (3rd) and {@code prior_log_variance} (4th), data
   * under these names where the graph has no such outputs.
   */
  record KlGaussians() implements Loss {}

  /** KL(p | N(0, 1)): {@code mean} (1st), {@code log_variance} (2nd); no data but the inputs. */
  record KlToStandard() implements Loss {}

  /**
   * PPO's clipped policy ratio. Log probability as {@link AdvantageWeighted}; data {@code
   * advantage} [B] and {@code old_log_probability} [B].
   *
   * @param clip how far the ratio may leave 1
   */
  record ClippedPolicyRatio(double clip) implements Loss {
    public ClippedPolicyRatio {
      requirePositive("clip", clip);
    }
  }

  /**
   * Advantage-weighted regression: log probabilities weighted by min(exp(advantage / temperature),
   * limit). The log probability is the output {@code log_probability}, or the first of one
   * dimension. Else it is that of the data {@code action}, shaped as the {@code mean} (1st), under
   * a Gaussian with standard deviation exp({@code log_deviation} (2nd)), 1 where there is none;
   * summed over all but the batch. Data {@code advantage} [B].
   */
  record AdvantageWeighted(double temperature, double limit) implements Loss {
    public AdvantageWeighted {
      requirePositive("temperature", temperature);
      requirePositive("weight limit", limit);
    }
  }

  /**
   * An output of the graph is the loss itself: one number, floating point; no data but the inputs.
   *
   * @param name of the output
   */
  record Output(String name) implements Loss {}

  /** The graph in the form that this loss is appended to; most losses take it as it is. */
  default Graph prepare(Graph forward) {
    Graph chosen = this instanceof Output(String name) ? LossValues.only(forward, name) : forward;
    Graph freed = ReservedNames.freed(chosen);
    return this instanceof FlowMatching flow ? FlowPath.before(freed, flow) : freed;
  }

  /**
   * Appends the loss to a {@linkplain #prepare prepared} graph and gives the name of that number.
   */
  @Override
  default String append(GraphBuilder o) {
    LossValues values = new LossValues(o);
    return switch (this) {
      case MeanSquared() -> {
        String prediction = values.output("prediction", 0);
        yield Losses.meanSquaredError(o, prediction, values.dataLike("target", prediction));
      }
      case Huber(double delta) -> {
        String prediction = values.output("prediction", 0);
        yield Losses.huber(o, prediction, values.dataLike("target", prediction), delta);
      }
      case AnchoredHuber(double delta, double weight) -> {
        String prediction = values.output("prediction", 0);
        String near = Losses.huber(o, prediction, values.dataLike("target", prediction), delta);
        String unit = o.zerosLike(prediction);
        String anchor = values.dataLike("anchor", prediction);
        yield o.add(near, o.scale(Losses.klGaussians(o, prediction, unit, anchor, unit), weight));
      }
      case GaussianNll() -> {
        String mean = values.output("mean", 0);
        String logVariance = values.output("log_variance", 1);
        yield Losses.gaussianNll(o, mean, logVariance, values.dataLike("target", mean));
      }
      case FlowMatching(_, _, boolean fromTarget) -> {
        String velocity = values.output("velocity", 0);
        String from = fromTarget ? "target" : "noise";
        String to = fromTarget ? "noise" : "target";
        yield Losses.flowMatching(o, velocity, from, to);
      }
      case CrossEntropy() -> {
        String logits = values.output("logits", 0);
        List<Dim> dims = o.types().dims(logits);
        TensorType labels = new TensorType(ElementType.INT64, dims.subList(0, dims.size() - 1));
        yield Losses.crossEntropy(o, logits, values.data("target", labels));
      }
      case KlGaussians() -> {
        String mean = values.output("mean", 0);
        String logVariance = values.output("log_variance", 1);
        yield Losses.klGaussians(
            o,
            mean,
            logVariance,
            values.outputOrData("prior_mean", 2, mean),
            values.outputOrData("prior_log_variance", 3, logVariance));
      }
      case KlToStandard() ->
          Losses.klToStandard(o, values.output("mean", 0), values.output("log_variance", 1));
      case Output(String name) -> values.number(name, 0);
      case ClippedPolicyRatio(double clip) -> {
        String probability = logProbability(values, o);
        String old = values.dataLike("old_log_probability", probability);
        String advantage = values.dataLike("advantage", probability);
        yield Losses.clippedPolicyRatio(o, probability, old, advantage, clip);
      }
      case AdvantageWeighted(double temperature, double limit) -> {
        String probability = logProbability(values, o);
        String advantage = values.dataLike("advantage", probability);
        yield Losses.advantageWeighted(o, probability, advantage, temperature, limit);
      }
    };
  }

  private static String logProbability(LossValues values, GraphBuilder o) {
    Optional<String> named = values.named("log_probability");
    String first = named.orElseGet(() -> values.output("mean", 0));
    if (named.isPresent() || o.rank(first) <= 1) {
      return Losses.sumRows(o, first);
    }
    String deviation = values.find("log_deviation", 1).orElseGet(() -> o.number(0, first));
    return Losses.gaussianLogProbability(o, values.dataLike("action", first), first, deviation);
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " is " + value + ", wanted above 0");
    }
  }
}
