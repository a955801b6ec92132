package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ParameterNamesTest {
  private static final HostTensor X = HostTensor.ofFloats(new long[] {1, 2}, 1, -2);

  /** y = tanh(x first) second, both [2, 2]. */
  private static Graph two(HostTensor first, HostTensor second) {
    Graph graph = new Graph("two", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", TensorType.of(ElementType.FLOAT32, 1, 2));
    o.initializer("first", first);
    o.initializer("second", second);
    o.output("y", o.op("MatMul", o.op("Tanh", o.op("MatMul", "x", "first")), "second"));
    return graph;
  }

  private static HostTensor matrix(float a, float b, float c, float d) {
    return HostTensor.ofFloats(new long[] {2, 2}, a, b, c, d);
  }

  private static float[] run(Graph graph) {
    try (HostRun run = new HostRun(graph)) {
      return Objects.requireNonNull(run.run(Map.of("x", X)).get("y")).floats();
    }
  }

  @Test
  void namesCanBeSwapped() {
    Graph graph = two(matrix(1, 2, 3, 4), matrix(5, 6, 7, 8));
    Graph named = ParameterNames.of(Map.of("first", "second", "second", "first")).apply(graph);
    assertEquals(5, Objects.requireNonNull(named.initializers().get("first")).at(0));
    assertArrayEquals(run(graph), run(named));
  }

  @Test
  void untiedCopiesAreTrainedAsOneAlsoTransposed() {
    HostTensor weight = matrix(1, 2, 3, 4);
    for (HostTensor copy : List.of(weight, matrix(1, 3, 2, 4))) {
      Graph graph = two(weight, copy);
      Graph tied = ParameterNames.of(Map.of("second", "first")).apply(graph);
      assertEquals(Set.of("first"), tied.initializers().keySet());
      assertArrayEquals(run(graph), run(tied));
      TrainableGraph train = TrainableGraph.derive(tied, new Loss.MeanSquared(), List.of("first"));
      Map<String, HostTensor> feeds =
          Map.of("x", X, "target", HostTensor.ofFloats(new long[] {1, 2}, 0.5f, 1));
      assertTrue(GradientCheck.run(train, feeds, 2, 1).good());
    }
  }

  @Test
  void oneNameForDifferentNumbersIsRefused() {
    Graph graph = two(matrix(1, 2, 3, 4), matrix(1, 2, 3, 5));
    String message = Refusal.of(() -> ParameterNames.of(Map.of("second", "first")).apply(graph));
    assertTrue(message.contains("have to be equal, or transposed"), message);
  }

  @Test
  void anInitializerThatIsNotThereIsRefused() {
    Graph graph = two(matrix(1, 2, 3, 4), matrix(1, 2, 3, 5));
    String message = Refusal.of(() -> ParameterNames.of(Map.of("third", "a")).apply(graph));
    assertTrue(message.contains("'third' is missing"), message);
  }

  @Test
  void aMergedInitializerWithOtherNumbersOfReadersIsRefused() {
    Graph graph = two(matrix(1, 2, 3, 4), matrix(1, 2, 3, 5));
    String message = Refusal.of(() -> ParameterNames.of(Map.of("first", "a, b")).apply(graph));
    assertTrue(message.contains("has 1 readers: cannot be untied"), message);
  }

  @Test
  void anInitializerReadUnderAnotherNameIsToldAndUntied() {
    Graph graph = new Graph("merged", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", TensorType.of(ElementType.FLOAT32, 1, 2));
    o.initializer("one.weight", matrix(1, 2, 3, 4));
    o.node("Identity", "one.weight").named("two.weight");
    o.output("y", o.op("MatMul", o.op("Tanh", o.op("MatMul", "x", "one.weight")), "two.weight"));
    Map<String, List<String>> merged = ParameterNames.merged(graph);
    assertEquals(Map.of("one.weight", List.of("two.weight", "one.weight")), merged);
    Graph untied = new ParameterNames(merged, Set.of()).apply(graph);
    assertEquals(Set.of("one.weight", "two.weight"), untied.initializers().keySet());
    assertEquals(Map.of(), ParameterNames.merged(untied));
    assertArrayEquals(run(graph), run(untied));
    TrainableGraph train =
        TrainableGraph.derive(untied, new Loss.MeanSquared(), List.of("one.weight", "two.weight"));
    assertEquals(2, train.parameters().size());
  }

  @Test
  void biasesMergedSinceBothStartAtZeroArePartedAndTiedWeightsAreNot() {
    Graph graph = new Graph("merged", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", TensorType.of(ElementType.FLOAT32, 1, 2));
    o.initializer("one.weight", matrix(1, 2, 3, 4));
    o.initializer("one.bias", matrix(0, 0, 0, 0));
    o.node("Identity", "one.weight").named("two.weight");
    o.node("Identity", "one.bias").named("two.bias");
    String first = o.add(o.op("MatMul", "x", "one.weight"), "one.bias");
    o.output("y", o.add(o.op("MatMul", first, "two.weight"), "two.bias"));

    Graph parted = ParameterNames.asTheyAre().unmerging(graph).apply(graph);

    assertEquals(Set.of("one.weight", "one.bias", "two.bias"), parted.initializers().keySet());
    assertArrayEquals(run(graph), run(parted));
    Graph kept = ParameterNames.of(Map.of("one.bias", "one.bias")).unmerging(graph).apply(graph);
    assertEquals(Set.of("one.weight", "one.bias"), kept.initializers().keySet());
  }
}
