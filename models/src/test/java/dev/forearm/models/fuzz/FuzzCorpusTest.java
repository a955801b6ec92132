package dev.forearm.models.fuzz;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.grad.TrainableGraph;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plays back the seeds of every target and all that fuzzing ever found. */
final class FuzzCorpusTest {
  private static final Map<String, Consumer<byte[]>> TARGETS =
      Map.of(
          "OnnxFuzz", OnnxFuzz::fuzzerTestOneInput,
          "GraphFuzz", GraphFuzz::fuzzerTestOneInput,
          "SafetensorsFuzz", SafetensorsFuzz::fuzzerTestOneInput,
          "McapFuzz", McapFuzz::fuzzerTestOneInput,
          "NpzFuzz", NpzFuzz::fuzzerTestOneInput,
          "BundleFuzz", BundleFuzz::fuzzerTestOneInput);

  @TempDir Path folder;

  @TestFactory
  @Timeout(value = 60, unit = SECONDS) // against an endless loop
  Stream<DynamicTest> everyInputEndsInSuccessOrInARefusal() {
    return TARGETS.entrySet().stream()
        .flatMap(target ->
            inputs(target.getKey()).stream()
                .map(input ->
                    DynamicTest.dynamicTest(
                        target.getKey() + " " + input.getFileName(),
                        () -> target.getValue().accept(Files.readAllBytes(input)))));
  }

  private static List<Path> inputs(String target) {
    try {
      Path corpus =
          Path.of(
              Objects.requireNonNull(FuzzCorpusTest.class.getResource("/fuzz/" + target)).toURI());
      try (Stream<Path> files = Files.list(corpus)) {
        return files.sorted().toList();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What becomes of each feature of ONNX: read, or refused with these words. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "absurd-constant, at most 2147483648 elements",
        "absurd-input, at most 2147483648 elements",
        "absurd-tensor, at most 2 GiB a tensor",
        "cycle, cycle",
        "external, read",
        "external-absolute, outside the graph's folder",
        "external-outside, outside the graph's folder",
        "function, read",
        "function-attribute, read",
        "function-nested, read",
        "function-recursive, calls itself",
        "if, no gradient rule for If",
        "loop, read",
        "loop-endless, no gradient rule for Loop",
        "scan, read",
        "opset-13, read",
        "opset-17, read",
        "opset-23, read",
        "optional, 'o': found optional type",
        "sequence, 's': found sequence type",
        "sparse, 'w' is sparse",
        "stop-gradient, read",
        "symbolic, read",
        "unknown-domain, imports no version of its domain",
        "weight-bfloat16, read",
        "weight-bool, read",
        "weight-float16, read",
        "weight-float64, read",
        "weight-int32, read",
        "weight-typed, read",
        "weight-uint8, read"
      })
  void everyFeatureIsReadAndDifferentiatedOrRefused(String feature, String outcome)
      throws IOException {
    Files.write(folder.resolve("weights.bin"), new byte[64]);
    String found;
    try (var in =
        Objects.requireNonNull(
            getClass().getResourceAsStream("/fuzz/OnnxFuzz/feature-" + feature))) {
      Graph graph = OnnxReader.read(folder.resolve("g.onnx"), ByteBuffer.wrap(in.readAllBytes()));
      TrainableGraph.derive(
          graph,
          builder -> builder.average(builder.square(graph.outputs().keySet().iterator().next())),
          List.of(),
          List.of(graph.inputs().keySet().iterator().next()));
      found = "read";
    } catch (ModelsFault fault) {
      found = String.valueOf(fault.getMessage());
    }
    if (outcome.equals("read")) {
      assertEquals(outcome, found);
    } else {
      assertTrue(found.contains(outcome) && found.contains("g.onnx"), found);
    }
  }
}
