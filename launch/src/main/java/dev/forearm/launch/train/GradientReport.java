package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.grad.GraphRun;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Tensor;
import dev.forearm.models.train.Examples;
import dev.forearm.models.train.FixedRows;
import dev.forearm.models.train.Mixture;
import dev.forearm.models.train.Optimizer;
import dev.forearm.models.train.SpotCheck;
import dev.forearm.models.train.Trainer;
import dev.forearm.models.train.TrainingGraph;
import dev.forearm.models.train.TrainingSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How far gradients are from what they should be.
 *
 * @param errors relative error by name
 * @param limit largest error that is good
 */
record GradientReport(Map<String, Double> errors, double limit) {
  private static final double LIMIT = 1e-3;

  /**
   * A gradient smaller than this share of the largest one is measured against that share: what is
   * zero but for rounding has no relative error of its own.
   */
  private static final double FLOOR = 1e-3;

  private static final int RANDOM_ROWS = 4;

  /**
   * Compares with gradients from elsewhere.
   *
   * @param inputs file with {@code in.NAME} and {@code target}
   * @param expected file with {@code loss} and {@code grad.NAME}
   */
  static GradientReport against(Graph forward, Path inputs, Path expected) {
    Map<String, HostTensor> wanted = Npz.read(expected);
    List<String> names =
        wanted.keySet().stream()
            .filter(key -> key.startsWith(TrainableGraph.GRADIENT))
            .map(key -> key.substring(TrainableGraph.GRADIENT.length()))
            .toList();
    List<String> weights = names.stream().filter(forward.initializers()::containsKey).toList();
    List<String> values = names.stream().filter(forward.inputs()::containsKey).toList();
    if (weights.size() + values.size() < names.size() || names.isEmpty()) {
      throw new LaunchFailure(
          "grad --expect %s: %s has no weight or input for some of %s; export its trainable form"
              .formatted(expected, forward.source(), names));
    }
    TrainableGraph derived =
        TrainableGraph.derive(forward, LossChoice.MSE::append, weights, values);
    Map<String, HostTensor> feeds = new LinkedHashMap<>(derived.parameters());
    Map<String, HostTensor> given = Npz.read(inputs);
    derived
        .graph()
        .inputs()
        .forEach((name, type) -> {
          if (!feeds.containsKey(name)) {
            feeds.put(name, input(inputs, given, name, type));
          }
        });
    try (GraphRun run = new GraphRun(derived.graph())) {
      return compare(run.run(feeds), wanted);
    }
  }

  private static HostTensor input(
      Path file, Map<String, HostTensor> given, String name, TensorType type) {
    HostTensor value = given.get("in." + name);
    value = value == null ? given.get(name) : value;
    if (value == null) {
      throw new LaunchFailure(
          "grad --inputs %s: found %s, wanted in.%s".formatted(file, given.keySet(), name));
    }
    return value.type() == type.type()
        ? value
        : HostTensor.ofValues(type.type(), value.dims(), value.doubles());
  }

  private static GradientReport compare(
      Map<String, HostTensor> found, Map<String, HostTensor> wanted) {
    double floor =
        wanted.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(TrainableGraph.GRADIENT))
            .mapToDouble(entry -> largest(entry.getValue()) * FLOOR)
            .max()
            .orElse(0);
    Map<String, Double> errors = new LinkedHashMap<>();
    wanted.forEach((name, want) -> {
      boolean gradient = name.startsWith(TrainableGraph.GRADIENT);
      if (gradient || name.equals(TrainableGraph.LOSS)) {
        errors.put(name, error(name, found.get(name), want, gradient ? floor : 0));
      }
    });
    return new GradientReport(errors, LIMIT);
  }

  private static double error(
      String name, @Nullable HostTensor found, HostTensor wanted, double floor) {
    double scale = Math.max(largest(wanted), floor);
    if (found == null) { // the loss does not reach it: its gradient is zero
      return scale == 0 ? 0 : largest(wanted) / scale;
    }
    if (found.size() != wanted.size()) {
      throw new LaunchFailure(
          "grad --expect: %s is %s, the graph's is %s".formatted(name, wanted, found));
    }
    double difference = 0;
    for (int i = 0; i < wanted.size(); i++) {
      double off = Math.abs(found.at(i) - wanted.at(i));
      difference = off <= difference ? difference : off; // keeps a NaN
    }
    return scale == 0 ? difference : difference / scale;
  }

  private static double largest(HostTensor values) {
    double largest = 0;
    for (int i = 0; i < values.size(); i++) {
      largest = Math.max(largest, Math.abs(values.at(i)));
    }
    return largest;
  }

  /**
   * Compares the slope of the loss along random directions, each over one weight, on random rows.
   */
  static GradientReport byFiniteDifferences(Graph graph, List<String> names) {
    Graph forward = FixedRows.of(graph, RANDOM_ROWS);
    Map<String, Double> errors = new LinkedHashMap<>();
    for (String name : names) {
      TrainableGraph derived =
          TrainableGraph.derive(forward, LossChoice.MSE::append, List.of(name));
      errors.put(
          TrainableGraph.GRADIENT + name, derived.parameters().isEmpty() ? 0 : slopeError(derived));
    }
    return new GradientReport(errors, SpotCheck.TOLERANCE);
  }

  private static double slopeError(TrainableGraph derived) {
    Map<String, HostTensor> rows = new LinkedHashMap<>();
    Random random = new Random(1);
    derived
        .graph()
        .inputs()
        .forEach((name, type) -> {
          if (!derived.parameters().containsKey(name)) {
            rows.put(name, random(type, random));
          }
        });
    Examples examples = Examples.of("random rows", rows, derived.graph().inputs());
    TrainingSettings settings =
        TrainingSettings.of(Optimizer.Adam.standard(), 1e-3, Math.toIntExact(examples.rows()))
            .withSpotCheck(false);
    try (Trainer trainer =
        new Trainer(
            OrtRuntime.shared(), TrainingGraph.of(derived), Mixture.of(examples, 1), settings)) {
      return trainer.measureSlope().relativeError();
    }
  }

  private static HostTensor random(TensorType type, Random random) {
    long[] sizes = type.sizes();
    if (sizes == null || sizes.length == 0) {
      throw new LaunchFailure(
          "grad --check: an input of type %s has no rows to make up; give --inputs"
              .formatted(type));
    }
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] < 0 ? RANDOM_ROWS : sizes[i];
    }
    double[] values = new double[Math.toIntExact(Tensor.elements(sizes))];
    if (type.type() == ElementType.FLOAT32) {
      Arrays.setAll(values, _ -> random.nextGaussian());
    }
    return HostTensor.ofValues(type.type(), sizes, values);
  }

  boolean good() {
    return errors.values().stream().allMatch(error -> error <= limit);
  }

  double worst() {
    return errors.values().stream().max(Comparator.naturalOrder()).orElse(0.0);
  }

  void print() {
    errors.forEach((name, error) ->
        System.out.printf("%12.3g  %s%s%n", error, name, error <= limit ? "" : "  TOO FAR"));
    System.out.printf("%12.3g  worst of %d, limit %.3g%n", worst(), errors.size(), limit);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("gradient_max_rel_error", finite(worst()));
    json.put("limit", limit);
    json.put("good", good());
    Map<String, Object> each = new LinkedHashMap<>();
    errors.forEach((name, error) -> each.put(name, finite(error)));
    json.put("errors", each);
    return json;
  }

  /** JSON has no NaN. */
  private static double finite(double error) {
    return Double.isFinite(error) ? error : Double.MAX_VALUE;
  }
}
