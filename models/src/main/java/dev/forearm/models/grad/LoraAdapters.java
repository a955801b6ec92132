package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Low-rank adapters (Hu et al. 2021): beside a frozen weight W runs a product A B of small rank, y
 * = x W + (alpha / rank) x A B, and only A and B are trained. B starts at zero, so the graph starts
 * unchanged; merging adds (alpha / rank) A B to W, so the graph that runs keeps its form.
 *
 * @param graph the graph with adapters
 * @param adapters one for each adapted weight
 */
public record LoraAdapters(Graph graph, List<Adapter> adapters) {
  public LoraAdapters {
    adapters = List.copyOf(adapters);
  }

  /**
   * One adapted weight.
   *
   * @param weight the frozen initializer
   * @param a name of A, [in, rank]
   * @param b name of B, [rank, out]
   * @param scale alpha / rank
   * @param transposed whether the weight is stored [out, in]
   */
  public record Adapter(String weight, String a, String b, double scale, boolean transposed) {}

  /** Names of all A and B: the trainable set. */
  public List<String> trainable() {
    List<String> names = new ArrayList<>();
    adapters.forEach(adapter -> {
      names.add(adapter.a());
      names.add(adapter.b());
    });
    return names;
  }

  /**
   * Puts adapters beside every MatMul and Gemm whose weight's name matches.
   *
   * @param pattern as in {@link TrainableSet.Matching}, comma separated
   * @param rank of the adapters, at least 1
   * @param alpha the adapter is scaled by alpha / rank
   * @param seed for the first values of A
   * @throws ModelsFault when no weight matches
   */
  public static LoraAdapters inject(Graph base, String pattern, int rank, double alpha, long seed) {
    if (rank < 1) {
      throw new IllegalArgumentException("rank " + rank + ", wanted at least 1");
    }
    Pattern names = TrainableSet.glob(List.of(pattern.split(",", -1)));
    Graph graph = base.copy();
    graph.nodes().clear();
    GraphBuilder builder = new GraphBuilder(graph);
    base.nodes().forEach(node -> builder.reserve(node.outputs()));
    Map<String, Node> producers = new HashMap<>();
    base.nodes().forEach(node -> producers.put(node.output(0), node));
    Map<String, Adapter> adapters = new LinkedHashMap<>();
    Random random = new Random(seed);
    for (Node node : base.nodes()) {
      Adapter adapter = adapter(base, node, producers, names, alpha / rank);
      if (adapter == null) {
        builder.append(node);
        continue;
      }
      if (adapters.putIfAbsent(adapter.weight(), adapter) == null) {
        addValues(builder, adapter, rank, random);
      }
      String frozen = builder.fresh(node.op());
      builder.append(node.withOutputs(List.of(frozen)));
      String low = builder.op("MatMul", node.input(0), adapter.a());
      String extra = builder.scale(builder.op("MatMul", low, adapter.b()), adapter.scale());
      builder.node("Add", frozen, extra).named(node.output(0));
    }
    if (adapters.isEmpty()) {
      throw new ModelsFault(
          "add adapters to "
              + base.source()
              + ": found no MatMul or Gemm with a weight like '"
              + pattern
              + "', wanted at least one; see the names that grad prints");
    }
    return new LoraAdapters(graph, List.copyOf(adapters.values()));
  }

  private static @Nullable Adapter adapter(
      Graph graph, Node node, Map<String, Node> producers, Pattern names, double scale) {
    boolean gemm =
        node.op().equals("Gemm") && node.integer("transA", 0) == 0 && node.real("alpha", 1) == 1;
    if (!node.standard() || !(gemm || node.op().equals("MatMul"))) {
      return null;
    }
    String weight = node.input(1);
    boolean transposed = gemm && node.integer("transB", 0) != 0;
    Node producer = producers.get(weight);
    if (producer != null && producer.op().equals("Transpose")) {
      weight = producer.input(0);
      transposed = !transposed;
    }
    HostTensor value = graph.initializers().get(weight);
    if (value == null
        || value.rank() != 2
        || !value.type().floating()
        || !names.matcher(weight).matches()) {
      return null;
    }
    return new Adapter(weight, weight + ".lora_a", weight + ".lora_b", scale, transposed);
  }

  private static void addValues(GraphBuilder builder, Adapter adapter, int rank, Random random) {
    HostTensor weight = Objects.requireNonNull(builder.types().constant(adapter.weight()));
    long[] dims = weight.dims();
    int in = (int) dims[adapter.transposed() ? 1 : 0];
    int out = (int) dims[adapter.transposed() ? 0 : 1];
    double[] a = new double[in * rank];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextGaussian() / Math.sqrt(in);
    }
    builder.initializer(adapter.a(), HostTensor.ofValues(weight.type(), new long[] {in, rank}, a));
    builder.initializer(
        adapter.b(),
        HostTensor.ofValues(weight.type(), new long[] {rank, out}, new double[rank * out]));
  }

  /**
   * Adds trained adapters to the weights they stand beside.
   *
   * @param values A and B by name
   * @return new values of the adapted weights by name
   */
  public Map<String, HostTensor> merge(Map<String, HostTensor> values) {
    Map<String, HostTensor> merged = new LinkedHashMap<>();
    for (Adapter adapter : adapters) {
      HostTensor weight = graph.initializers().get(adapter.weight());
      HostTensor a = values.get(adapter.a());
      HostTensor b = values.get(adapter.b());
      if (weight == null || a == null || b == null) {
        throw new ModelsFault(
            "merge adapters into "
                + graph.source()
                + ": '"
                + adapter.weight()
                + "', its A or its B has no value, wanted all three");
      }
      merged.put(adapter.weight(), merge(adapter, weight, a, b));
    }
    return merged;
  }

  private static HostTensor merge(Adapter adapter, HostTensor weight, HostTensor a, HostTensor b) {
    int in = (int) a.dims()[0];
    int rank = (int) a.dims()[1];
    int out = (int) b.dims()[1];
    double[] sum = weight.doubles();
    for (int i = 0; i < in; i++) {
      for (int j = 0; j < out; j++) {
        double product = 0;
        for (int k = 0; k < rank; k++) {
          product += a.at(i * rank + k) * b.at(k * out + j);
        }
        sum[adapter.transposed() ? j * in + i : i * out + j] += adapter.scale() * product;
      }
    }
    return HostTensor.ofValues(weight.type(), weight.dims(), sum);
  }
}
