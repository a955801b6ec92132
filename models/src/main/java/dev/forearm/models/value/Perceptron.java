package dev.forearm.models.value;

import dev.forearm.models.grad.HostRun;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.train.DataSource;
import dev.forearm.models.train.LearningRate;
import dev.forearm.models.train.Optimizer;
import dev.forearm.models.train.Trainee;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A small network: a straight line plus two hidden layers of tanh, made and trained here. */
public final class Perceptron implements AutoCloseable {
  private static final int HIDDEN = 64;
  private static final int BATCH_ROWS = 128;
  private static final double RATE = 2e-3;
  private static final double WEIGHT_DECAY = 0.02;
  private static final double AVERAGE_DECAY = 0.99;

  private final HostRun run;
  private final int width;

  private Perceptron(Graph graph, int width) {
    this.run = new HostRun(graph);
    this.width = width;
  }

  /**
   * Trains one from random weights.
   *
   * @param x [rows, width], normalised
   * @param target as the loss wants it
   * @param outputs numbers that it gives
   * @param seed equal seeds and rows, equal networks
   */
  public static Perceptron train(
      HostTensor x, HostTensor target, int outputs, Loss loss, int steps, long seed) {
    int width = Math.toIntExact(x.dims()[1]);
    SplittableRandom random = new SplittableRandom(seed);
    Graph untrained = graph(width, o -> append(o, "", "x", width, outputs, random));
    return new Perceptron(trained(untrained, x, target, loss, steps, seed), width);
  }

  /** What it gives for rows, end to end. */
  public float[] of(float[] x) {
    long[] dims = {x.length / width, width};
    return Objects.requireNonNull(run.run(Map.of("x", HostTensor.ofFloats(dims, x))).get("y"))
        .floats();
  }

  @Override
  public void close() {
    run.close();
  }

  /** A graph from {@code x} [rows, width] to {@code y}, which {@code body} appends and names. */
  static Graph graph(int width, Function<GraphBuilder, String> body) {
    Graph graph = new Graph("perceptron", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input(
        "x", new TensorType(ElementType.FLOAT32, List.of(new Dim.Symbol("rows"), Dim.of(width))));
    o.output("y", body.apply(o));
    return graph;
  }

  /** The graph with trained weights. */
  static Graph trained(
      Graph untrained, HostTensor x, HostTensor target, Loss loss, int steps, long seed) {
    Trainee trainee = Trainee.of(untrained, ParameterNames.asTheyAre(), TrainableSet.parse(""));
    Optimizer optimizer = new Optimizer.AdamW(0.9, 0.999, 1e-8, WEIGHT_DECAY);
    TrainingSettings settings =
        TrainingSettings.of(optimizer, RATE, BATCH_ROWS)
            .withLearningRate(new LearningRate.Cosine(RATE, 0, steps))
            .withAverageDecay(AVERAGE_DECAY)
            .withSeed(seed);
    DataSource rows = new DataSource("logged steps", Map.of("x", x, "target", target), 1);
    try (Trainer trainer =
        trainee.open(OrtRuntime.shared(), loss, List.of(), List.of(rows), settings)) {
      for (int i = 0; i < steps; i++) {
        trainer.step();
      }
      return trainee.graph(trainee.weights(trainer.average().orElseThrow()));
    }
  }

  /**
   * Appends an untrained one behind a value.
   *
   * @param prefix of its weights' names
   * @param x name of a value [rows, width]
   * @return name of the value [rows, outputs]
   */
  static String append(
      GraphBuilder o, String prefix, String x, int width, int outputs, SplittableRandom random) {
    String hidden = o.op("Tanh", layer(o, prefix + "one", x, width, HIDDEN, random));
    hidden = o.op("Tanh", layer(o, prefix + "two", hidden, HIDDEN, HIDDEN, random));
    String bent = layer(o, prefix + "three", hidden, HIDDEN, outputs, random);
    return o.add(bent, layer(o, prefix + "line", x, width, outputs, random));
  }

  /** Weights are drawn evenly with the variance 1 / inputs. */
  private static String layer(
      GraphBuilder o, String name, String x, int inputs, int outputs, SplittableRandom random) {
    double most = Math.sqrt(3.0 / inputs);
    double[] values = random.doubles((long) inputs * outputs, -most, most).toArray();
    String weight =
        o.initializer(
            name + ".weight",
            HostTensor.ofValues(ElementType.FLOAT32, new long[] {inputs, outputs}, values));
    String bias =
        o.initializer(
            name + ".bias",
            HostTensor.ofValues(ElementType.FLOAT32, new long[] {outputs}, new double[outputs]));
    return o.add(o.op("MatMul", x, weight), bias);
  }
}
