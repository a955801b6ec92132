package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.Emit;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What exporters write now and then: names of ours, weights in odd places, sizes that surprise. */
final class ExportedGraphTest {
  private final Random random = new Random(3);
  private final Graph graph = new Graph("exported", 18);
  private final GraphBuilder o = new GraphBuilder(graph);

  private HostTensor normal(long... dims) {
    int size = 1;
    for (long dim : dims) {
      size *= (int) dim;
    }
    return HostTensor.ofValues(ElementType.FLOAT32, dims, random.doubles(size, -1, 1).toArray());
  }

  private String weighted(long... dims) {
    o.input("x", TensorType.of(ElementType.FLOAT32, dims));
    o.initializer("w", normal(dims));
    return o.mul("x", "w");
  }

  /** Derives for all weights, checks against finite differences, gives the training graph. */
  private TrainableGraph requireGood(Graph forward, Loss loss, Map<String, HostTensor> data) {
    TrainableGraph train =
        TrainableGraph.derive(loss.prepare(forward), loss, new TrainableSet.All().resolve(forward));
    Map<String, HostTensor> feeds = new LinkedHashMap<>(data);
    feeds.putAll(train.parameters());
    GradientErrors errors = GradientCheck.run(train, feeds, 2, 1);
    assertTrue(errors.good(), errors.toString());
    return train;
  }

  private void requireGood(long[] in, long... out) {
    assertArrayEquals(out, o.types().type("y").sizes());
    requireGood(graph, new Loss.MeanSquared(), Map.of("x", normal(in), "target", normal(out)));
  }

  @Test
  void aResizeMakesWhatFloat32Makes() {
    String scales = o.constant(HostTensor.ofFloats(new long[] {3}, 1, 1, 0.7f));
    o.output("y", o.node("Resize", weighted(1, 1, 10), "", scales).with("mode", "linear").one());
    requireGood(new long[] {1, 1, 10}, 1, 1, 7);
  }

  @ParameterizedTest
  @CsvSource({"MaxPool,0", "AveragePool,0", "AveragePool,1"})
  void noWindowStartsInThePaddingBehind(String pool, long countsPadding) {
    Emit window =
        o.node(pool, weighted(1, 2, 7, 8))
            .with("kernel_shape", new long[] {2, 3})
            .with("strides", new long[] {2, 2})
            .with("pads", new long[] {1, 0, 1, 0})
            .with("ceil_mode", 1L);
    if (countsPadding != 0) {
      window.with("count_include_pad", countsPadding);
    }
    o.output("y", window.one());
    requireGood(new long[] {1, 2, 7, 8}, 1, 2, 4, 4);
  }

  @Test
  void aWeightThatOnlyALoopsBodyReadsIsTrained() {
    Graph body = new Graph("body", 18);
    GraphBuilder b = new GraphBuilder(body);
    b.input("turn", TensorType.of(ElementType.INT64));
    b.input("on", TensorType.of(ElementType.BOOL));
    b.input("h", TensorType.of(ElementType.FLOAT32, 2, 3));
    body.outputs().put("on", TensorType.of(ElementType.BOOL));
    b.initializer("inside", normal(3));
    b.output("next", b.op("Tanh", b.add(b.op("MatMul", "h", "around"), "inside")));
    o.input("x", TensorType.of(ElementType.FLOAT32, 2, 3));
    o.initializer("around", normal(3, 3));
    String yes = o.constant(HostTensor.ofValues(ElementType.BOOL, new long[0], 1));
    o.node("Loop", o.index(3), yes, "x").with("body", body).named("y");
    graph.outputs().put("y", TensorType.of(ElementType.FLOAT32, 2, 3));
    Graph read = OnnxReader.read(Path.of("exported"), ByteBuffer.wrap(OnnxWriter.bytes(graph)));
    TrainableGraph train =
        requireGood(
            read, new Loss.MeanSquared(), Map.of("x", normal(2, 3), "target", normal(2, 3)));
    assertEquals(Set.of("around", "inside"), train.parameters().keySet());
  }

  @Test
  void weightsOfOneNameInTwoBranchesStayTwo() {
    o.input("x", TensorType.of(ElementType.FLOAT32, 2));
    String yes = o.constant(HostTensor.ofValues(ElementType.BOOL, new long[0], 1));
    o.node("If", yes)
        .with("then_branch", scaled(HostTensor.ofFloats(new long[] {2}, 3, 5)))
        .with("else_branch", scaled(HostTensor.ofFloats(new long[] {2}, 7, 9)))
        .named("y");
    graph.outputs().put("y", TensorType.of(ElementType.FLOAT32, 2));
    Graph read = OnnxReader.read(Path.of("exported"), ByteBuffer.wrap(OnnxWriter.bytes(graph)));
    try (HostRun run = new HostRun(read)) {
      HostTensor ones = HostTensor.ofFloats(new long[] {2}, 1, 1);
      assertArrayEquals(
          new float[] {3, 5}, Objects.requireNonNull(run.run(Map.of("x", ones)).get("y")).floats());
    }
    assertEquals(2, new TrainableSet.All().resolve(read).size());
  }

  private static Graph scaled(HostTensor weight) {
    Graph body = new Graph("branch", 18);
    GraphBuilder b = new GraphBuilder(body);
    b.initializer("scale", weight);
    body.nodes().add(new Node("Mul", "", "", List.of("x", "scale"), List.of("out"), Map.of()));
    body.outputs().put("out", TensorType.of(ElementType.FLOAT32, 2));
    return body;
  }

  @Test
  void anOutputCalledLossGivesWayAndMayBeTheLoss() {
    String square = o.square(weighted(2, 3));
    o.node("ReduceMean", square).named("loss");
    graph.outputs().put("loss", TensorType.of(ElementType.FLOAT32, 1, 1));
    o.output("grad.w", square);
    HostTensor x = normal(2, 3);
    requireGood(graph, new Loss.MeanSquared(), Map.of("x", x, "target", normal(1, 1)));
    TrainableGraph train = requireGood(graph, new Loss.Output("loss"), Map.of("x", x));
    Map<String, HostTensor> feeds = new LinkedHashMap<>(Map.of("x", x));
    feeds.putAll(train.parameters());
    double want = 0;
    for (int i = 0; i < 6; i++) {
      double product = x.at(i) * Objects.requireNonNull(feeds.get("w")).at(i);
      want += product * product / 6;
    }
    try (HostRun run = new HostRun(train.graph())) {
      assertEquals(want, Objects.requireNonNull(run.run(feeds).get("loss")).at(0), 1e-6);
    }
    assertEquals(List.of("loss", "grad.w"), List.copyOf(train.graph().outputs().keySet()));
  }

  @Test
  void anOutputOfSeveralNumbersIsNoLoss() {
    o.output("y", weighted(2, 3));
    Loss loss = new Loss.Output("y");
    String message =
        Refusal.of(() -> TrainableGraph.derive(loss.prepare(graph), loss, List.of("w")));
    assertTrue(message.contains("wanted one number"), message);
  }

  @Test
  void fakeQuantizationPassesTheGradientWithinItsRange() {
    o.input("x", TensorType.of(ElementType.FLOAT32, 4));
    o.initializer("w", HostTensor.ofFloats(new long[] {4}, 0.26f, -0.4f, 3, -3));
    String scale = o.constant(HostTensor.ofFloats(new long[0], 0.01f));
    String zero = o.constant(HostTensor.ofValues(ElementType.INT8, new long[0], 10));
    String quantized = o.op("QuantizeLinear", o.mul("x", "w"), scale, zero);
    o.output("y", o.op("DequantizeLinear", quantized, scale, zero));
    TrainableGraph train =
        TrainableGraph.derive(graph, b -> b.total("y"), new TrainableSet.All().resolve(graph));
    Map<String, HostTensor> feeds = new LinkedHashMap<>(train.parameters());
    feeds.put("x", HostTensor.ofFloats(new long[] {4}, 1, 1, 1, 1));
    try (HostRun run = new HostRun(train.graph())) {
      Map<String, HostTensor> found = run.run(feeds);
      assertEquals(0.26 - 0.4 + 1.17 - 1.38, Objects.requireNonNull(found.get("loss")).at(0), 1e-6);
      assertArrayEquals(
          new float[] {1, 1, 0, 0}, Objects.requireNonNull(found.get("grad.w")).floats());
    }
  }

  @Test
  void aDeclaredOutputSaysWhatASqueezeLeaves() {
    Dim batch = new Dim.Symbol("batch");
    o.input(
        "x",
        new TensorType(ElementType.FLOAT32, List.of(batch, new Dim.Symbol("step"), Dim.of(3))));
    o.initializer("w", normal(3));
    graph.outputs().put("y", new TensorType(ElementType.FLOAT32, List.of(batch, Dim.of(3))));
    o.node("Squeeze", o.mul("x", "w")).named("y");
    requireGood(
        graph, new Loss.MeanSquared(), Map.of("x", normal(2, 1, 3), "target", normal(2, 3)));
  }

  @Test
  void aRefusalNamesTheNodeThatLostTheShape() {
    o.input("x", new TensorType(ElementType.FLOAT32, List.of(new Dim.Symbol("batch"), Dim.of(3))));
    o.initializer("w", normal(3));
    o.input("axes", TensorType.of(ElementType.INT64, 1));
    o.output("y", o.mul(o.op("Squeeze", "x", "axes"), "w"));
    String message =
        Refusal.of(() -> TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("w")));
    assertTrue(message.contains("Squeeze") && message.contains("give it its axes"), message);
  }

  @Test
  void aGradientThatWouldBeLostIsRefused() {
    o.input("x", TensorType.of(ElementType.FLOAT32, 2, 5));
    o.initializer("w", normal(5));
    List<String> parts = o.node("LayerNormalization", o.mul("x", "w"), "w").many(3);
    o.output("y", o.mul(parts.getFirst(), parts.getLast()));
    String message =
        Refusal.of(() -> TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("w")));
    assertTrue(message.contains("no gradient passes from its output"), message);
  }

  @Test
  void twoUnnamedStopGradientsAreTwoNodes() {
    String product = weighted(2, 3);
    String first = Losses.stopGradient(o, product);
    o.output("y", o.add(product, o.mul(first, Losses.stopGradient(o, o.square(product)))));
    requireGood(graph, new Loss.MeanSquared(), Map.of("x", normal(2, 3), "target", normal(2, 3)));
  }
}
