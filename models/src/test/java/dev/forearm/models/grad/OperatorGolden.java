package dev.forearm.models.grad;

import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Cases of one operator as {@code operators.py} writes them, and our gradients of the same. */
final class OperatorGolden {
  /** What is written out part by part: how many there are must be known. */
  private static final Set<String> STRUCTURES = Set.of("SplitToSequence", "Scan");

  private final String name;
  private final Map<String, HostTensor> arrays;

  private OperatorGolden(String name, Map<String, HostTensor> arrays) {
    this.name = name;
    this.arrays = arrays;
  }

  static List<OperatorGolden> read(String operator) throws IOException {
    Map<Integer, Map<String, HostTensor>> cases = new TreeMap<>();
    String file = "operators/" + operator + ".npz";
    try (InputStream in =
        Objects.requireNonNull(OperatorGolden.class.getResourceAsStream(file), file)) {
      Npz.read(file, in)
          .forEach((key, value) -> {
            int slash = key.indexOf('/');
            cases
                .computeIfAbsent(
                    Integer.valueOf(key.substring(0, slash)), _ -> new LinkedHashMap<>())
                .put(key.substring(slash + 1), value);
          });
    }
    List<OperatorGolden> list = new ArrayList<>();
    cases.forEach((number, map) -> list.add(new OperatorGolden(operator + "/" + number, map)));
    return list;
  }

  String name() {
    return name;
  }

  /**
   * The greatest error of any output or gradient, relative to the greatest element of that tensor.
   *
   * @param symbolic whether all sizes are hidden from the rules
   */
  double worstError(boolean symbolic) {
    Graph graph =
        OnnxReader.read(Path.of(name), Objects.requireNonNull(arrays.get("model")).data());
    if (symbolic) {
      Node first = graph.nodes().getFirst();
      boolean batchFirst = first.integer("layout", 0) == 1;
      if (!first.has("auto_pad")) {
        graph.inputs().replaceAll((input, type) -> hidden(input, type, batchFirst ? 0 : 1));
      }
    }
    Map<String, HostTensor> feeds = part("in.");
    Map<String, HostTensor> weights = part("cot.");
    List<String> wanted = new ArrayList<>(part("grad.").keySet());
    List<String> outputs = new ArrayList<>(graph.outputs().keySet());
    TrainableGraph train =
        TrainableGraph.derive(
            graph, builder -> weightedSum(builder, outputs, weights), List.of(), wanted);
    weights.forEach((output, weight) -> feeds.put("cot." + output, weight));
    feeds.keySet().retainAll(train.graph().inputs().keySet());
    Map<String, HostTensor> found;
    try (HostRun run = new HostRun(train.graph())) {
      found = run.run(feeds);
    }
    double worst = lossError(Objects.requireNonNull(found.get(TrainableGraph.LOSS)).at(0));
    for (Map.Entry<String, HostTensor> expected : part("grad.").entrySet()) {
      HostTensor gradient = found.get(TrainableGraph.GRADIENT + expected.getKey());
      worst = Math.max(worst, error(expected.getValue(), gradient));
    }
    return worst;
  }

  /** How far the weighted sum of the outputs is from the reference's, relative to its terms. */
  private double lossError(double found) {
    double sum = 0;
    double terms = 1e-6;
    for (Map.Entry<String, HostTensor> output : part("out.").entrySet()) {
      double[] values = output.getValue().doubles();
      double[] weights = Objects.requireNonNull(arrays.get("cot." + output.getKey())).doubles();
      for (int i = 0; i < values.length; i++) {
        sum += values[i] * weights[i];
        terms += Math.abs(values[i] * weights[i]);
      }
    }
    return Math.abs(found - sum) / terms;
  }

  /** Hides the sizes that an export may leave open; kernels, heads and time steps stay known. */
  private TensorType hidden(String input, TensorType type, int batchAxis) {
    String operator = name.substring(0, name.indexOf('/'));
    boolean window = operator.startsWith("Conv");
    boolean recurrent = List.of("RNN", "GRU", "LSTM").contains(operator);
    if (!type.type().floating()
        || STRUCTURES.contains(operator)
        || ((window || recurrent) && !input.equals("x0"))) {
      return type;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < type.rank(); i++) {
      boolean known = (recurrent && i != batchAxis) || (operator.equals("Attention") && i == 1);
      dims.add(
          known ? Objects.requireNonNull(type.dims()).get(i) : new Dim.Symbol(input + "_" + i));
    }
    return new TensorType(type.type(), dims);
  }

  private static String weightedSum(
      GraphBuilder o, List<String> outputs, Map<String, HostTensor> weights) {
    String loss = "";
    for (String output : outputs) {
      String weight =
          o.input("cot." + output, Objects.requireNonNull(weights.get(output)).tensorType());
      String term = o.total(o.mul(output, weight));
      loss = loss.isEmpty() ? term : o.add(loss, term);
    }
    return loss;
  }

  private static double error(HostTensor expected, @Nullable HostTensor found) {
    double[] want = expected.doubles();
    double[] have = found == null ? new double[want.length] : found.doubles();
    if (want.length != have.length) {
      return Double.POSITIVE_INFINITY;
    }
    double scale = 1e-6;
    double worst = 0;
    for (int i = 0; i < want.length; i++) {
      scale = Math.max(scale, Math.abs(want[i]));
      double difference = Math.abs(want[i] - have[i]);
      worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
    }
    return worst / scale;
  }

  private Map<String, HostTensor> part(String prefix) {
    Map<String, HostTensor> part = new LinkedHashMap<>();
    arrays.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        part.put(key.substring(prefix.length()), value);
      }
    });
    return part;
  }
}
