package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.ort.OrtRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy of the gradient goldens learns its example: Adam lowers the loss, all finite. */
final class PolicyTrainingTest {
  private static final int STEPS = 25;

  static Stream<Path> policies() {
    String folder = Objects.requireNonNull(TrainableGraph.class.getResource("policies")).getPath();
    return Arrays.stream(Objects.requireNonNull(new File(folder).listFiles()))
        .map(File::toPath)
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void lossFalls(Path golden) throws IOException {
    Map<String, HostTensor> arrays = Npz.read(golden);
    Graph forward =
        FixedRows.of(
            OnnxReader.read(golden, Objects.requireNonNull(arrays.get("model")).data()),
            rows(arrays));
    TrainableGraph derived =
        TrainableGraph.derive(
            forward, TorchAgreementTest::meanSquaredError, new TrainableSet.All().resolve(forward));
    RowStore rows = RowStore.of(golden.toString(), arrays, derived.graph().inputs());
    TrainingSettings settings =
        TrainingSettings.of(Optimizer.Adam.standard(), 3e-3, Math.toIntExact(rows.rows().count()));
    try (Trainer trainer =
        new Trainer(
            OrtRuntime.shared(), TrainingGraph.of(derived), Mixture.of(rows, 1), settings)) {
      double first = trainer.step().loss();
      double last = first;
      for (int step = 1; step < STEPS; step++) {
        last = trainer.step().loss();
      }
      assertTrue(last < 0.98 * first, first + " became " + last);
    }
  }

  private static int rows(Map<String, HostTensor> arrays) {
    return Math.toIntExact(Objects.requireNonNull(arrays.get(TrainableGraph.TARGET)).dims()[0]);
  }
}
