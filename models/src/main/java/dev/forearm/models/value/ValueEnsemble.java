package dev.forearm.models.value;

import dev.forearm.models.grad.Loss;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Several {@link Perceptron}s that learn the same value from different random weights, so that they
 * disagree about what none of them has seen (deep ensembles, <a
 * href="https://arxiv.org/abs/1612.01474">Lakshminarayanan et al., 2017</a>).
 */
public final class ValueEnsemble {
  private static final double LEAST_VARIANCE = 1e-12; // the root has a slope there

  private static final String MEMBER = "member"; // what its weights' names begin with

  private ValueEnsemble() {}

  /**
   * Trains one.
   *
   * @param x [rows, width], normalised
   * @param values what each row is worth
   * @param seed equal seeds and rows, equal ensembles
   * @return from {@code x} to {@code y} [rows, members]
   */
  public static Graph train(HostTensor x, float[] values, int members, int steps, long seed) {
    int width = Math.toIntExact(x.dims()[1]);
    float[] targets = new float[values.length * members];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = values[i / members];
    }
    return Perceptron.trained(
        Perceptron.graph(width, o -> append(o, "x", width, members, seed)),
        x,
        HostTensor.ofFloats(new long[] {values.length, members}, targets),
        new Loss.MeanSquared(),
        steps,
        seed);
  }

  /**
   * Appends one behind a value, untrained.
   *
   * @return name of the value [rows, members]
   */
  public static String append(GraphBuilder o, String x, int width, int members, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      values.add(Perceptron.append(o, MEMBER + i + ".", x, width, 1, random));
    }
    return o.concat(1, values);
  }

  /** Gives the ensemble in a graph the weights of a trained one. */
  public static void adopt(Graph graph, Graph trained) {
    trained
        .initializers()
        .forEach((name, value) -> {
          if (name.startsWith(MEMBER)) {
            graph.initializers().put(name, value);
          }
        });
  }

  /**
   * Appends what it is sure of: the least of its values, less how far they disagree.
   *
   * @param values name of a value [rows, members]
   * @param disagreement weight of their standard deviation
   * @return name of the value [rows]
   */
  public static String appendSure(GraphBuilder o, String values, double disagreement) {
    String off = o.sub(values, o.mean(values, true, 1));
    String variance = o.mean(o.square(off), false, 1);
    String deviation = o.op("Sqrt", o.shift(variance, LEAST_VARIANCE));
    return o.sub(o.reduce("ReduceMin", values, false, 1), o.scale(deviation, disagreement));
  }
}
