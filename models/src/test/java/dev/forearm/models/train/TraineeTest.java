package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TraineeTest {
  private static final int ROWS = 16;
  private static final TrainingSettings SETTINGS =
      TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, ROWS);

  private final Random random = new Random(4);

  private HostTensor normal(long... dims) {
    int size = (int) Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    double[] values = random.doubles(size, -1, 1).toArray();
    return HostTensor.ofValues(ElementType.FLOAT32, dims, values);
  }

  /** x [batch, steps, 4] through two linear layers with Tanh between; batch and steps are open. */
  private Graph sequence() {
    Graph graph = new Graph("sequence", 20);
    GraphBuilder o = new GraphBuilder(graph);
    List<Dim> dims = List.of(new Dim.Symbol("batch"), new Dim.Symbol("steps"), Dim.of(4));
    o.input("x", new TensorType(ElementType.FLOAT32, dims));
    o.initializer("net.0.weight", normal(4, 6));
    o.initializer("net.0.bias", normal(6));
    o.initializer("net.1.weight", normal(6, 3));
    String hidden = o.op("Tanh", o.add(o.op("MatMul", "x", "net.0.weight"), "net.0.bias"));
    o.output("y", o.op("MatMul", hidden, "net.1.weight"));
    return graph;
  }

  private DataSource data(String name) {
    return new DataSource(name, Map.of("in.x", normal(20, 5, 4), "target", normal(20, 5, 3)), 1);
  }

  private static Trainer open(Trainee trainee, DataSource... sources) {
    return trainee.open(
        OrtRuntime.shared(), new Loss.MeanSquared(), List.of(), List.of(sources), SETTINGS);
  }

  private static float[] output(Graph graph, HostTensor x) {
    try (HostRun run = new HostRun(graph)) {
      return Objects.requireNonNull(run.run(Map.of("x", x)).get("y")).floats();
    }
  }

  @Test
  void trainedWeightsGoBackIntoTheGraph() {
    Graph graph = sequence();
    Trainee trainee = Trainee.of(graph, ParameterNames.asTheyAre(), TrainableSet.parse("last:1"));
    assertEquals(List.of("net.1.weight"), trainee.trainable());
    try (Trainer trainer = open(trainee, data("rows"))) {
      double first = trainer.step().loss();
      for (int i = 0; i < 60; i++) {
        trainer.step();
      }
      assertTrue(trainer.step().loss() < first);
      Map<String, HostTensor> weights = trainee.weights(trainer.weights());
      assertEquals(Set.of("net.1.weight"), weights.keySet());
      Graph trained = trainee.graph(weights);
      assertArrayEquals(
          trainer.weights().read("net.1.weight"),
          Objects.requireNonNull(trained.initializers().get("net.1.weight")).floats());
      assertEquals(
          graph.initializers().get("net.0.bias"), trained.initializers().get("net.0.bias"));
      assertEquals(graph.inputs(), trained.inputs());
    }
  }

  @Test
  void adaptersAreTrainedAndMerged() {
    Graph graph = sequence();
    Trainee trainee =
        Trainee.of(graph, ParameterNames.asTheyAre(), TrainableSet.parse(""))
            .withAdapters(
                new Trainee.Lora("net.*.weight", 2, 4), Optional.of(TrainableSet.parse("*")), 3);
    // The bias is trained directly, the weights by their adapters only.
    assertEquals(5, trainee.trainable().size());
    try (Trainer trainer = open(trainee, data("rows"))) {
      double first = trainer.step().loss();
      for (int i = 0; i < 60; i++) {
        trainer.step();
      }
      assertTrue(trainer.step().loss() < first);
      Map<String, HostTensor> weights = trainee.weights(trainer.weights());
      assertEquals(graph.initializers().keySet(), weights.keySet());
      Graph withAdapters = trainee.graph().copy();
      Map<String, HostTensor> trained = new LinkedHashMap<>();
      for (String name : trainee.trainable()) {
        HostTensor old = Objects.requireNonNull(withAdapters.initializers().get(name));
        trained.put(name, HostTensor.ofFloats(old.dims(), trainer.weights().read(name)));
      }
      withAdapters.initializers().putAll(trained);
      HostTensor x = normal(2, 3, 4);
      assertArrayEquals(output(withAdapters, x), output(trainee.graph(weights), x), 1e-5f);
    }
  }

  @Test
  void aWeightThatIsNotTheCheckpointsIsRefused() {
    Graph graph = sequence();
    Map<String, HostTensor> checkpoint = new LinkedHashMap<>(graph.initializers());
    checkpoint.remove("net.0.bias");
    Trainee trainee =
        Trainee.of(
            graph, ParameterNames.asTheyAre(), TrainableSet.parse(""), checkpoint, List.of());
    assertFalse(trainee.trainable().contains("net.0.bias"));
    checkpoint.put("net.0.weight", normal(4, 6));
    String message =
        Refusal.of(() ->
            Trainee.of(
                graph, ParameterNames.asTheyAre(), TrainableSet.parse(""), checkpoint, List.of()));
    assertTrue(message.contains("'net.0.weight' differs from the checkpoint"), message);
    String folded =
        Refusal.of(() ->
            Trainee.of(
                graph,
                ParameterNames.asTheyAre(),
                TrainableSet.parse("net.1.weight"),
                checkpoint,
                List.of("net.2.weight")));
    assertTrue(folded.contains("'net.2.weight' is missing from the graph"), folded);
  }

  @Test
  void aSymbolWithTwoSizesIsRefused() {
    Graph graph = sequence();
    GraphBuilder o = new GraphBuilder(graph);
    List<Dim> dims = List.of(new Dim.Symbol("batch"), new Dim.Symbol("steps"), Dim.of(3));
    o.input("z", new TensorType(ElementType.FLOAT32, dims));
    o.output("sum", o.add("y", "z"));
    Trainee trainee = Trainee.of(graph, ParameterNames.asTheyAre(), TrainableSet.parse(""));
    DataSource data =
        new DataSource(
            "rows",
            Map.of("x", normal(20, 5, 4), "z", normal(20, 6, 3), "target", normal(20, 5, 3)),
            1);
    String message = Refusal.of(() -> open(trainee, data));
    assertTrue(message.contains("dimension 'steps' is 5 elsewhere, but 6"), message);
  }

  @Test
  void unreadInputsNeedNoDataAndOthersDo() {
    Graph graph = sequence();
    graph.inputs().put("unread", TensorType.of(ElementType.INT64, 1));
    Trainee trainee = Trainee.of(graph, ParameterNames.asTheyAre(), TrainableSet.parse(""));
    open(trainee, data("rows")).close();
    DataSource half = new DataSource("half", Map.of("x", normal(20, 5, 4)), 1);
    String message = Refusal.of(() -> open(trainee, half));
    assertTrue(message.contains("'target'"), message);
  }
}
