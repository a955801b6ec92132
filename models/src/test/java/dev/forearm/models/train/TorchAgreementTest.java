package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.OrtRuntime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A hundred steps from the same start as PyTorch, for an MLP and a transformer block. The goldens
 * are made by models/export/goldens/adam_goldens.py.
 */
class TorchAgreementTest {
  private static final int STEPS = 100;

  @ParameterizedTest
  @CsvSource({"mlp,adam", "mlp,adamw", "mlp,sgd", "block,adam", "block,adamw", "block,sgd"})
  void theLossIsPyTorchsAtEveryStep(String model, String optimizer) throws IOException {
    compare(model, optimizer, 0, "loss." + optimizer);
  }

  @ParameterizedTest
  @CsvSource({"mlp,adam", "mlp,sgd", "block,adam", "block,sgd"})
  void theLossIsPyTorchsWithClippedGradients(String model, String optimizer) throws IOException {
    compare(model, optimizer, 0.02, "loss." + optimizer + ".clipped");
  }

  private static void compare(String model, String optimizer, double clip, String key)
      throws IOException {
    Map<String, HostTensor> golden =
        Npz.read(model, new ByteArrayInputStream(HandGraph.resource(model + ".npz")));
    Graph forward =
        OnnxReader.read(
            Path.of(model + ".onnx"), ByteBuffer.wrap(HandGraph.resource(model + ".onnx")));
    List<String> trainable =
        forward.initializers().keySet().stream()
            .filter(name -> name.endsWith(".weight") || name.endsWith(".bias"))
            .toList();
    TrainableGraph derived =
        TrainableGraph.derive(forward, TorchAgreementTest::meanSquaredError, trainable);
    RowStore rows = RowStore.of(model, golden, derived.graph().inputs());
    TrainingSettings settings =
        settings(optimizer, Math.toIntExact(rows.rows().count())).withClipNorm(clip);
    Mixture inOrder = new Mixture(List.of(new Mixture.Part(rows, 1)), 1, false);
    double[] wanted = Objects.requireNonNull(golden.get(key), key).doubles();
    try (Trainer trainer =
        new Trainer(OrtRuntime.shared(), TrainingGraph.of(derived), inOrder, settings)) {
      assertEquals(trainable.size(), trainer.layout().slots().size());
      for (int step = 0; step <= STEPS; step++) {
        assertEquals(wanted[step], trainer.step().loss(), 1e-4 * wanted[step], "step " + step);
      }
    }
  }

  private static TrainingSettings settings(String optimizer, int rows) {
    return switch (optimizer) {
      case "adam" -> TrainingSettings.of(Optimizer.Adam.standard(), 1e-3, rows);
      case "adamw" -> TrainingSettings.of(Optimizer.AdamW.standard(), 1e-3, rows);
      case "sgd" -> TrainingSettings.of(new Optimizer.Sgd(0.9, true, 1e-3), 1e-2, rows);
      default -> throw new IllegalArgumentException(optimizer);
    };
  }

  static String meanSquaredError(GraphBuilder builder) {
    String output = builder.graph().outputs().keySet().iterator().next();
    String target = builder.input("target", builder.types().type(output));
    return builder.average(builder.square(builder.sub(output, target)));
  }
}
