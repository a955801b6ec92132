package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.grad.Loss;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.OrtRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * y = sqrt(w x) + b: where x is 0, the loss is finite and the slope of w is infinity times zero.
 */
final class PoisonedGradientTest {
  private static final int GOOD_STEPS = 2;

  @TempDir private Path folder;

  static Stream<TrainingSettings> settings() {
    TrainingSettings adam = TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 1);
    return Stream.of(
        adam,
        adam.withClipNorm(1).withAverageDecay(0.9),
        adam.withMicroBatches(1, 2),
        TrainingSettings.of(new Optimizer.Sgd(0.9, false, 0), 1e-2, 1));
  }

  private static TrainingGraph graph() {
    Graph graph = new Graph("root", 20);
    GraphBuilder o = new GraphBuilder(graph);
    o.input("x", new TensorType(ElementType.FLOAT32, List.of(Dim.of(1), Dim.of(1))));
    o.initializer("w", HostTensor.ofFloats(new long[] {1}, 2));
    o.initializer("b", HostTensor.ofFloats(new long[] {1}, 1));
    o.output("y", o.add(o.op("Sqrt", o.mul("x", "w")), "b"));
    return TrainingGraph.of(
        TrainableGraph.derive(graph, new Loss.MeanSquared(), List.of("w", "b")));
  }

  /** Steps in order; the last one meets a row of zero. */
  private static Mixture rows(TrainingSettings settings, int goodSteps) {
    int rows = goodSteps * settings.microBatches() + 1;
    float[] x = new float[rows];
    for (int i = 0; i < rows - 1; i++) {
      x[i] = 1 + i;
    }
    long[] dims = {rows, 1};
    RowStore store =
        HandGraph.store(
            "rows",
            Map.of("x", HostTensor.ofFloats(dims, x), "target", HostTensor.ofFloats(dims, x)));
    return new Mixture(List.of(new Mixture.Part(store, 1)), 1, false);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void onTheHostNothingChangesAndNothingIsSaved(TrainingSettings settings) {
    TrainingSettings unchecked = settings.withSpotCheck(false);
    TrainingGraph graph = graph();
    StepEngine engine = new HostEngine(OrtRuntime.shared(), graph, unchecked);
    refuses(new Trainer(engine, graph, rows(settings, GOOD_STEPS), unchecked));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void onADeviceNothingChangesAndNothingIsSaved(TrainingSettings settings) {
    TrainingSettings unchecked = settings.withSpotCheck(false);
    TrainingGraph graph = graph();
    StepEngine engine = new DeviceEngine(OrtRuntime.shared(), graph, unchecked);
    refuses(new Trainer(engine, graph, rows(settings, GOOD_STEPS), unchecked));
  }

  private void refuses(Trainer opened) {
    CheckpointStore store = new CheckpointStore(folder, 3);
    try (Trainer trainer = opened) {
      TrainingRun run = new TrainingRun(trainer, Optional.of(store), 1, new Pace(1));
      run.run(GOOD_STEPS, _ -> {});
      float before = trainer.weights().read("w")[0];
      String message = Refusal.of(() -> run.run(GOOD_STEPS + 1, _ -> {}));
      assertTrue(message.contains("the gradient of 'w' is not finite at step 3"), message);
      assertEquals(GOOD_STEPS, trainer.stepsDone());
      assertEquals(before, trainer.weights().read("w")[0]);
      trainer.requireFiniteState();
    }
    assertEquals(GOOD_STEPS, store.latest().orElseThrow().step());
  }

  @Test
  void theSpotCheckDoesNotBlameTheGraph() {
    TrainingSettings settings = TrainingSettings.of(Optimizer.Adam.standard(), 1e-2, 1);
    String message =
        Refusal.of(
            () -> new Trainer(OrtRuntime.shared(), graph(), rows(settings, 0), settings).close());
    assertTrue(message.contains("the gradient of 'w' is not finite at step 1"), message);
  }
}
