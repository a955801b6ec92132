package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TrainableGraphTest {
  private final Random random = new Random(5);

  private HostTensor normal(long... dims) {
    int size = 1;
    for (long dim : dims) {
      size *= (int) dim;
    }
    double[] values = random.doubles(size, -1, 1).toArray();
    return HostTensor.ofValues(ElementType.FLOAT32, dims, values);
  }

  /** x [2, in] through two layers with Tanh between to [2, out]; names start with {@code name}. */
  private Graph perceptron(String name, int in, int out) {
    Graph graph = new Graph(name, 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", TensorType.of(ElementType.FLOAT32, 2, in));
    o.initializer(name + ".one.weight", normal(4, in));
    o.initializer(name + ".one.bias", normal(4));
    o.initializer(name + ".two.weight", normal(4, out));
    String hidden =
        o.node("Gemm", "x", name + ".one.weight", name + ".one.bias").with("transB", 1L).one();
    o.output("y", o.op("MatMul", o.op("Tanh", hidden), name + ".two.weight"));
    return graph;
  }

  private Map<String, HostTensor> feeds(int in, int out) {
    return Map.of("x", normal(2, in), "target", normal(2, out));
  }

  @Test
  void whatIsFrozenBelowTheFirstTrainableLayerCostsNoNodes() {
    Graph graph = perceptron("net", 3, 2);
    TrainableGraph all =
        TrainableGraph.derive(graph, new Loss.MeanSquared(), new TrainableSet.All().resolve(graph));
    TrainableGraph last =
        TrainableGraph.derive(
            graph, new Loss.MeanSquared(), new TrainableSet.LastLayers(1).resolve(graph));
    assertEquals(Set.of("net.two.weight"), last.parameters().keySet());
    assertEquals(3, all.parameters().size());
    assertTrue(last.graph().nodes().size() < all.graph().nodes().size());
  }

  @Test
  void finiteDifferencesAgreeAndAWrongGradientIsFound() {
    Graph graph = perceptron("net", 3, 2);
    TrainableGraph train =
        TrainableGraph.derive(graph, new Loss.MeanSquared(), new TrainableSet.All().resolve(graph));
    Map<String, HostTensor> feeds = feeds(3, 2);
    assertTrue(GradientCheck.run(train, feeds, 2, 1).good());
    Graph wrong = train.graph().copy();
    wrong
        .nodes()
        .replaceAll(node ->
            node.outputs().contains("grad.net.one.bias")
                ? new Node("Neg", "", "", node.inputs(), node.outputs(), Map.of())
                : node);
    TrainableGraph broken = new TrainableGraph(wrong, train.parameters(), List.of());
    assertFalse(GradientCheck.run(broken, feeds, 2, 1).good());
  }

  @Test
  void missingRuleNamesOperatorNodeAndPath() {
    Graph graph = perceptron("net", 3, 2);
    graph
        .nodes()
        .replaceAll(node ->
            node.op().equals("Tanh")
                ? new Node("NoSuchOp", "", "odd", node.inputs(), node.outputs(), Map.of())
                : node);
    graph.hints().put(graph.nodes().get(1).output(0), TensorType.of(ElementType.FLOAT32, 2, 4));
    String message =
        Refusal.of(
            () -> TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("net.one.weight")));
    assertTrue(message.contains("NoSuchOp 'odd'"), message);
    assertTrue(message.contains("NoSuchOp -> MatMul"), message);
    TrainableGraph behind =
        TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("net.two.weight"));
    assertEquals(1, behind.parameters().size());
  }

  @Test
  void stopGradientEndsTheWay() {
    Graph graph = new Graph("wall", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", TensorType.of(ElementType.FLOAT32, 2, 3));
    o.initializer("w", normal(3, 3));
    o.output("y", Losses.stopGradient(o, o.op("MatMul", "x", "w")));
    TrainableGraph train = TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("w"));
    assertEquals(List.of("w"), train.unused());
    assertTrue(
        train.graph().nodes().stream().noneMatch(node -> node.op().equals(Node.STOP_GRADIENT)));
  }

  @Test
  void actorIsTrainedThroughAFrozenWorldModel() {
    Graph actor = perceptron("actor", 3, 2);
    Graph world = perceptron("world", 2, 3);
    Graph chain = GraphChain.of(actor, "a/").then(world, "w/", Map.of("x", "a/y")).graph();
    List<String> actorOnly = new TrainableSet.Matching(List.of("a/*")).resolve(chain);
    TrainableGraph train =
        TrainableGraph.derive(
            chain,
            o ->
                Losses.meanSquaredError(
                    o, "w/y", o.input("target", TensorType.of(ElementType.FLOAT32, 2, 3))),
            actorOnly,
            List.of("a/x"));
    assertEquals(3, train.parameters().size());
    assertTrue(train.graph().outputs().containsKey("grad.a/x"));
    Map<String, HostTensor> feeds = Map.of("a/x", normal(2, 3), "target", normal(2, 3));
    assertTrue(GradientCheck.run(train, feeds, 2, 1).good());
  }

  @Test
  void adaptersStartUnchangedAndMergeIntoTheBase() {
    Graph base = perceptron("net", 3, 2);
    LoraAdapters lora = LoraAdapters.inject(base, "net.*", 2, 4, 11);
    assertEquals(4, lora.trainable().size());
    Map<String, HostTensor> x = Map.of("x", normal(2, 3));
    float[] before = output(base, x);
    assertArrayEquals(before, output(lora.graph(), x), 1e-6f);
    Map<String, HostTensor> trained = new LinkedHashMap<>();
    for (String name : lora.trainable()) {
      HostTensor start = Objects.requireNonNull(lora.graph().initializers().get(name));
      trained.put(name, normal(start.dims()));
    }
    lora.graph().initializers().putAll(trained);
    Graph merged = base.copy();
    merged.initializers().putAll(lora.merge(trained));
    assertArrayEquals(output(lora.graph(), x), output(merged, x), 1e-5f);
  }

  private static float[] output(Graph graph, Map<String, HostTensor> feeds) {
    try (HostRun run = new HostRun(graph)) {
      return Objects.requireNonNull(run.run(feeds).get("y")).floats();
    }
  }

  @Test
  void checkpointThatTheGraphDoesNotHoldIsRefused() {
    Graph graph = perceptron("net", 3, 2);
    Map<String, HostTensor> checkpoint = new LinkedHashMap<>(graph.initializers());
    List<String> names = List.copyOf(checkpoint.keySet());
    TrainableCheck.check(graph, names, checkpoint);
    checkpoint.put("net.one.bias", normal(4));
    String differs = Refusal.of(() -> TrainableCheck.check(graph, names, checkpoint));
    assertTrue(differs.contains("'net.one.bias' differs"), differs);
    String missing =
        Refusal.of(() -> TrainableCheck.check(graph, List.of("net.three"), checkpoint));
    assertTrue(missing.contains("missing"), missing);
  }

  @Test
  void copyThatWouldStayBehindIsRefused() {
    Graph graph = perceptron("net", 4, 4);
    HostTensor weight = Objects.requireNonNull(graph.initializers().get("net.one.weight"));
    graph.initializers().put("copy", weight);
    GraphBuilder o = new GraphBuilder(graph);
    o.output("z", o.op("MatMul", "x", "copy"));
    String message =
        Refusal.of(() ->
            TrainableCheck.check(
                graph, List.of("net.one.weight"), Map.of("net.one.weight", weight)));
    assertTrue(message.contains("copy 'copy'"), message);
  }

  @Test
  void mergedInitializersAreUntiedAndTiedOnesStayTied() {
    Graph graph = new Graph("tied", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", TensorType.of(ElementType.FLOAT32, 2, 3));
    o.initializer("merged", normal(3, 3));
    o.output("y", o.op("MatMul", o.op("Tanh", o.op("MatMul", "x", "merged")), "merged"));
    Map<String, List<String>> names = Map.of("merged", List.of("a", "b"));
    assertEquals(
        Set.of("a", "b"), new ParameterNames(names, Set.of()).apply(graph).initializers().keySet());
    assertEquals(
        Set.of("a"),
        new ParameterNames(names, Set.of("merged")).apply(graph).initializers().keySet());
    TrainableGraph tied = TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("merged"));
    assertTrue(GradientCheck.run(tied, feeds(3, 3), 2, 1).good());
  }
}
