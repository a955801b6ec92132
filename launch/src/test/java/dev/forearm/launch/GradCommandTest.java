package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.grad.GradientProbe;
import dev.forearm.models.grad.HostRun;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class GradCommandTest {
  private final StringWriter err = new StringWriter();
  private final Random random = new Random(6);

  @TempDir private Path folder;
  private Path graph;
  private Path json;

  private HostTensor normal(long... dims) {
    int size = (int) Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    return HostTensor.ofValues(ElementType.FLOAT32, dims, random.doubles(size, -1, 1).toArray());
  }

  /**
   * What exporters hand over: an open batch, an integer and an unread input, a buffer, an output
   * that the loss does not look at.
   */
  @BeforeEach
  void export() {
    graph = folder.resolve("graph.onnx");
    json = folder.resolve("result.json");
    Graph made = new Graph("made", 20);
    GraphBuilder o = new GraphBuilder(made);
    Dim batch = new Dim.Symbol("s0");
    o.input("x", new TensorType(ElementType.FLOAT32, List.of(batch, Dim.of(3))));
    o.input("token", new TensorType(ElementType.INT64, List.of(batch)));
    o.input("unread", new TensorType(ElementType.FLOAT32, List.of(batch)));
    o.initializer("embedding", normal(5, 3));
    o.initializer("layer.weight", normal(3, 4));
    o.initializer("layer.bias", normal(4));
    o.initializer("norm.running_mean", normal(4));
    String seen = o.add("x", o.node("Gather", "embedding", "token").with("axis", 0L).one());
    String linear = o.add(o.op("MatMul", seen, "layer.weight"), "layer.bias");
    o.output("y", o.op("Tanh", o.sub(linear, "norm.running_mean")));
    o.output("other", o.op("Sigmoid", linear));
    OnnxWriter.write(made, graph);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("grad", graph.toString()));
    all.addAll(List.of("--json", json.toString()));
    all.addAll(List.of(arguments));
    return Main.run(new PrintWriter(err, true), all.toArray(String[]::new));
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> result() throws IOException {
    return (Map<String, Object>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(json));
  }

  @Test
  void describesTheGraphAndWritesItsTrainingGraph() throws IOException {
    Path train = folder.resolve("train.onnx");
    assertEquals(0, run("-o", train.toString()), err::toString);
    Map<String, Object> result = result();
    assertEquals(List.of("embedding", "layer.weight", "layer.bias"), result.get("trainable"));
    assertEquals(15 + 12 + 4, result.get("trainable_scalars"));
    assertEquals(List.of(), result.get("missing_rules"));
    assertTrue(((Map<?, ?>) Objects.requireNonNull(result.get("operators"))).containsKey("Tanh"));
    Graph written = OnnxReader.read(train);
    assertEquals(
        Set.of("loss", "grad.embedding", "grad.layer.weight", "grad.layer.bias"),
        written.outputs().keySet());
    assertEquals(
        Set.of("x", "token", "target", "embedding", "layer.weight", "layer.bias"),
        written.inputs().keySet());
  }

  @Test
  void anOutputOfTheGraphMayBeTheLoss() throws IOException {
    Graph made = OnnxReader.read(graph);
    new GraphBuilder(made).node("ReduceMean", "other").named("loss");
    made.outputs().put("loss", TensorType.of(ElementType.FLOAT32, 1, 1));
    OnnxWriter.write(made, graph);
    assertEquals(0, run("--check", "--loss", "output:loss"), err::toString);
    assertEquals(true, result().get("good"));
    assertEquals(1, run("--check", "--loss", "output:other"));
    assertTrue(err.toString().contains("wanted one number"), err::toString);
  }

  @Test
  void finiteDifferencesAgreeOnMadeUpInputs() throws IOException {
    assertEquals(0, run("--check", "--inputs-too", "x"), err::toString);
    Map<?, ?> errors = (Map<?, ?>) Objects.requireNonNull(result().get("errors"));
    assertEquals(
        Set.of("grad.embedding", "grad.layer.weight", "grad.layer.bias", "grad.x"),
        errors.keySet());
  }

  /** Inputs and the gradients there, of parameters and an input. */
  private Map<String, HostTensor> probe() {
    Map<String, HostTensor> arrays = new LinkedHashMap<>();
    arrays.put("in.x", normal(2, 3));
    arrays.put("in.token", HostTensor.ofLongs(new long[] {2}, 4, 1));
    arrays.put("target", normal(2, 4));
    Graph forward = OnnxReader.read(graph);
    TrainableGraph derived =
        TrainableGraph.derive(
            forward, new Loss.MeanSquared(), List.of("layer.weight", "embedding"), List.of("x"));
    try (HostRun run = new HostRun(derived.graph())) {
      arrays.putAll(run.run(new GradientProbe(arrays).feeds(forward, derived, 1)));
    }
    return arrays;
  }

  private Path npz(String name, Map<String, HostTensor> arrays, boolean inputs) {
    Map<String, HostTensor> part = new LinkedHashMap<>(arrays);
    part.keySet().removeIf(key -> inputs == (key.startsWith("grad.") || key.equals("loss")));
    Path file = folder.resolve(name);
    Npz.write(file, part);
    return file;
  }

  @Test
  void givenGradientsAreComparedTensorByTensor() throws IOException {
    Map<String, HostTensor> arrays = probe();
    String inputs = npz("io.npz", arrays, true).toString();
    String right = npz("right.npz", arrays, false).toString();
    assertEquals(0, run("--check", "--inputs", inputs, "--expect", right), err::toString);
    Map<?, ?> errors = (Map<?, ?>) Objects.requireNonNull(result().get("errors"));
    assertEquals(Set.of("loss", "grad.layer.weight", "grad.embedding", "grad.x"), errors.keySet());

    HostTensor weight = Objects.requireNonNull(arrays.get("grad.layer.weight"));
    double[] values = weight.doubles();
    for (int i = 0; i < values.length; i++) {
      values[i] *= 1.002;
    }
    arrays.put("grad.layer.weight", HostTensor.ofDoubles(weight.dims(), values));
    String wrong = npz("wrong.npz", arrays, false).toString();
    assertEquals(1, run("--check", "--inputs", inputs, "--expect", wrong));
    assertEquals(false, result().get("good"));
    assertEquals(
        0.002,
        ((Number) Objects.requireNonNull(result().get("gradient_max_rel_error"))).doubleValue(),
        1e-4);
  }

  @Test
  void oneFileMayHoldEverything() {
    Map<String, HostTensor> arrays = probe();
    Path all = folder.resolve("all.npz");
    Npz.write(all, arrays);
    assertEquals(0, run("--check", "--expect", all.toString()), err::toString);
    assertEquals(0, run("--check", "--inputs", all.toString()), err::toString);
  }

  @Test
  void aMissingInputIsNamed() {
    Map<String, HostTensor> arrays = probe();
    arrays.remove("in.token");
    Path all = folder.resolve("all.npz");
    Npz.write(all, arrays);
    assertEquals(1, run("--check", "--expect", all.toString()));
    assertTrue(err.toString().contains("wanted 'in.token' (int64[s0])"), err.toString());
  }

  @Test
  void anExpectedGradientOfNothingIsNamed() {
    Map<String, HostTensor> arrays = probe();
    arrays.put("grad.gone", normal(2));
    Path all = folder.resolve("all.npz");
    Npz.write(all, arrays);
    assertEquals(1, run("--check", "--expect", all.toString()));
    assertTrue(err.toString().contains("'gone', which is neither"), err.toString());
  }

  @Test
  void aMissingRuleIsToldWithNodeAndPathAndNothingIsWritten() throws IOException {
    Graph made = new Graph("made", 20);
    GraphBuilder o = new GraphBuilder(made);
    o.input("x", TensorType.of(ElementType.FLOAT32, 2, 3, 3));
    o.initializer("weight", normal(3, 3));
    String product = o.op("MatMul", "x", "weight");
    o.types().declare("det", TensorType.of(ElementType.FLOAT32, 2));
    o.node("Det", product).named("det");
    o.output("y", o.op("Tanh", "det"));
    OnnxWriter.write(made, graph);
    Path train = folder.resolve("train.onnx");
    assertEquals(1, run("-o", train.toString()));
    List<?> missing = (List<?>) Objects.requireNonNull(result().get("missing_rules"));
    assertEquals(1, missing.size());
    String rule = String.valueOf(missing.getFirst());
    assertTrue(rule.contains("no gradient rule for Det"), rule);
    assertTrue(rule.contains("path to the loss: Det -> Tanh -> Identity -> Sub"), rule);
    assertTrue(Files.notExists(train));
  }

  @Test
  void whatAnExporterMergedIsToldAndUntied() throws IOException {
    Graph made = OnnxReader.read(graph);
    GraphBuilder o = new GraphBuilder(made);
    o.node("Identity", "layer.bias").named("second.bias");
    made.outputs().clear();
    o.output("sum", o.add("y", "second.bias"));
    OnnxWriter.write(made, graph);
    assertEquals(0, run(), err::toString);
    assertEquals(
        Map.of("layer.bias", List.of("layer.bias", "second.bias")), result().get("merged"));
    assertEquals(0, run("--check", "--name", "layer.bias=layer.bias,second.bias"), err::toString);
    assertEquals(Map.of(), result().get("merged"));
    assertTrue(
        ((List<?>) Objects.requireNonNull(result().get("trainable"))).contains("second.bias"));
  }

  @Test
  void aPatternThatMatchesNothingIsNamed() {
    assertEquals(1, run("--trainable", "layer.*,leyer.*"));
    assertTrue(err.toString().contains("found none like 'leyer.*'"), err.toString());
  }
}
