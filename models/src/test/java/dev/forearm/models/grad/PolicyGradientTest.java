package dev.forearm.models.grad;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole policies against PyTorch in float64; {@code policies.py} makes the files. */
final class PolicyGradientTest {
  @TempDir Path folder;

  static Stream<String> policies() {
    File folder =
        new File(
            Objects.requireNonNull(PolicyGradientTest.class.getResource("policies")).getPath());
    return Arrays.stream(Objects.requireNonNull(folder.list()))
        .map(file -> file.replace(".npz", ""))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void everyGradientAgreesWithPyTorch(String policy) throws IOException {
    Path golden =
        Path.of(
            Objects.requireNonNull(getClass().getResource("policies/" + policy + ".npz"))
                .getPath());
    Map<String, HostTensor> arrays = Npz.read(golden);
    HostTensor model = Objects.requireNonNull(arrays.get("model"));
    byte[] bytes = new byte[model.size()];
    model.data().get(bytes);
    Path graph = Files.write(folder.resolve(policy + ".onnx"), bytes);
    Graph forward = OnnxReader.read(graph);
    GradientProbe probe = GradientProbe.read(List.of(golden), (_, _) -> {});
    TrainableGraph train =
        TrainableGraph.derive(forward, new Loss.MeanSquared(), probe.expected(forward));
    OnnxWriter.write(train.graph(), folder.resolve("train.onnx"));
    try (HostRun run = new HostRun(OnnxReader.read(folder.resolve("train.onnx")))) {
      GradientErrors errors =
          GradientComparison.compare(run.run(probe.feeds(forward, train, 1)), probe.arrays());
      assertTrue(errors.good(), errors.toString());
    }
  }
}
