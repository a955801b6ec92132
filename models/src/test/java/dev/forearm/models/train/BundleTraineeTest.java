package dev.forearm.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.ort.ElementType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleTraineeTest {
  @TempDir Path folder;
  private Path small = Path.of("");

  @BeforeEach
  void copyTheBundle() throws IOException {
    small = SmallBundle.copy(Files.createDirectory(folder.resolve("small")));
  }

  private Trainee open(String file) {
    try (Bundle bundle = BundleReader.read(small, Trust.anyone())) {
      return open(bundle, file);
    }
  }

  private Trainee open(Bundle bundle, String file) {
    Graph graph = OnnxReader.read(small.resolve(file));
    return Trainee.of(bundle, file, graph, ParameterNames.of(Map.of()), new TrainableSet.All());
  }

  private String refusalOfActor(Consumer<Graph> damage) throws IOException {
    Path file = small.resolve("actor.train.onnx");
    Graph graph = OnnxReader.read(file);
    damage.accept(graph);
    byte[] bytes = OnnxWriter.bytes(graph);
    Files.write(file, bytes);
    SmallBundle.hash(small);
    return Refusal.of(() -> open("actor.train.onnx"));
  }

  @Test
  void bothHalvesHaveTheGradientsThatPyTorchFound() {
    assertEquals(
        Set.of(
            "world_model.0.weight",
            "world_model.0.bias",
            "world_model.1.weight",
            "world_model.1.bias"),
        Set.copyOf(open("world_model.train.onnx").trainable()));
    assertEquals(6, open("actor.train.onnx").trainable().size());
  }

  @Test
  void aGraphThatComputesSomethingElseIsRefused() throws IOException {
    String message =
        refusalOfActor(graph ->
            graph
                .nodes()
                .replaceAll(node ->
                    node.op().equals("Sigmoid")
                        ? new Node("Tanh", "", "", node.inputs(), node.outputs(), Map.of())
                        : node));
    assertTrue(message.contains("not those that PyTorch found"), message);
  }

  @Test
  void aBranchCutOffFromItsGradientIsRefused() throws IOException {
    String message =
        refusalOfActor(graph ->
            graph
                .nodes()
                .replaceAll(node ->
                    node.op().equals("Sigmoid")
                        ? new Node("Ceil", "", "", node.inputs(), node.outputs(), Map.of())
                        : node));
    assertTrue(message.contains("not those that PyTorch found"), message);
  }

  @Test
  void aFoldedParameterIsRefused() throws IOException {
    String message =
        refusalOfActor(graph -> {
          HostTensor value =
              Objects.requireNonNull(graph.initializers().get("actor.direct.weight"));
          graph
              .initializers()
              .put(
                  "folded",
                  HostTensor.ofValues(
                      ElementType.FLOAT32,
                      value.dims(),
                      Arrays.stream(value.doubles()).map(v -> 2 * v).toArray()));
          graph
              .nodes()
              .replaceAll(node ->
                  node.withInputs(
                      node.inputs().stream()
                          .map(input -> input.equals("actor.direct.weight") ? "folded" : input)
                          .toList()));
        });
    assertTrue(message.contains("'actor.direct.weight' is read by no node"), message);
  }

  @Test
  void aRenamedParameterIsRefused() throws IOException {
    String message =
        refusalOfActor(graph -> {
          HostTensor value = Objects.requireNonNull(graph.initializers().remove("actor.0.bias"));
          graph.initializers().put("onnx::Gemm_12", value);
          graph
              .nodes()
              .replaceAll(node ->
                  node.withInputs(
                      node.inputs().stream()
                          .map(input -> input.equals("actor.0.bias") ? "onnx::Gemm_12" : input)
                          .toList()));
        });
    assertTrue(message.contains("'actor.0.bias' is missing from the graph"), message);
  }

  @Test
  void anotherValueThanTheCheckpointsIsRefused() throws IOException {
    String message =
        refusalOfActor(graph -> {
          HostTensor value = Objects.requireNonNull(graph.initializers().get("actor.0.bias"));
          double[] other = value.doubles();
          other[0] += 1;
          graph
              .initializers()
              .put("actor.0.bias", HostTensor.ofValues(value.type(), value.dims(), other));
        });
    assertTrue(message.contains("'actor.0.bias' differs from the checkpoint by up to"), message);
  }

  @Test
  void gradientsForOtherWeightsAreLeftAlone() throws IOException {
    Path file = small.resolve("actor.gradients.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("weights_sha256") + 20;
    bytes[at] = (byte) (bytes[at] == 'a' ? 'b' : 'a');
    Files.write(file, bytes);
    SmallBundle.hash(small);
    try (Bundle bundle = BundleReader.read(small, Trust.anyone())) {
      assertTrue(bundle.gradients(Bundle.Half.ACTOR).isEmpty());
      assertEquals(6, open(bundle, "actor.train.onnx").trainable().size());
    }
  }

  @Test
  void gradientsWithoutAGraphToTrainAreRefused() throws IOException {
    SmallBundle.edit(small, "bundle.yaml", "train_file: actor.train.onnx, ", "");
    String message = Refusal.of(() -> BundleReader.read(small, Trust.anyone()));
    assertTrue(message.contains("no 'train_file' whose gradients these are"), message);
  }
}
