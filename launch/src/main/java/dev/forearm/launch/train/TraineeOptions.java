package dev.forearm.launch.train;

import dev.forearm.launch.House;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.grad.ParameterNames;
import dev.forearm.models.grad.TrainableSet;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.train.Trainee;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is trained: the options of {@link TrainCommand} that make a {@link Trainee}. */
final class TraineeOptions {
  private static final String MANIFEST = "bundle.yaml";

  @Option(
      names = "--graph",
      required = true,
      paramLabel = "GRAPH.onnx",
      description = {
        "The graph to train, best in its trainable form. One that lies in a bundle is trained",
        "under the bundle's names and refused if its weights are not the bundle's."
      })
  private Path file;

  @Option(
      names = "--bundle",
      description = {
        "The bundle whose statistics, names and weights the graph has.",
        "Default: the one the graph lies in, if it does."
      })
  private @Nullable String bundle;

  @Option(
      names = "--trainable",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = {
        "Parameters to train: names, with * for any text and ? for one character, separated by",
        "commas; or last:N, the last N layers. Default: all; with --lora, none but the adapters."
      })
  private String trainable;

  @Option(
      names = "--lora",
      paramLabel = "PATTERN",
      description = {
        "Train adapters of low rank beside the MatMul and Gemm weights of these names, which stay",
        "as they are. The result has the adapters merged into the weights."
      })
  private @Nullable String lora;

  @Option(
      names = "--lora-rank",
      defaultValue = "8",
      description = "Rank of the adapters. Default: ${DEFAULT-VALUE}.")
  private int loraRank;

  @Option(
      names = "--lora-alpha",
      defaultValue = "16",
      description = "Adapters are scaled by this over their rank. Default: ${DEFAULT-VALUE}.")
  private double loraAlpha;

  @Mixin private NameOptions names;

  Path file() {
    return file;
  }

  /** The bundle that the graph belongs to; the caller closes it. */
  Optional<Bundle> openBundle() {
    if (bundle != null) {
      return Optional.of(BundleReader.read(House.bundle(bundle), Trust.anyone()));
    }
    Path folder = file.toAbsolutePath().getParent();
    return folder != null && Files.isRegularFile(folder.resolve(MANIFEST))
        ? Optional.of(BundleReader.read(folder, Trust.anyone()))
        : Optional.empty();
  }

  Trainee trainee(Optional<Bundle> owner, long seed) {
    Graph graph = OnnxReader.read(file);
    TrainableSet set = TrainableSet.parse(trainable);
    Map<String, String> all = new LinkedHashMap<>();
    owner.ifPresent(of -> all.putAll(of.manifest().parameters()));
    all.keySet().retainAll(graph.initializers().keySet());
    all.putAll(names.asGiven());
    ParameterNames parameters = ParameterNames.of(all).unmerging(graph);
    Trainee plain =
        owner
            .map(of -> Trainee.of(of, String.valueOf(file.getFileName()), graph, parameters, set))
            .orElseGet(() -> Trainee.of(graph, parameters, set));
    return lora == null
        ? plain
        : plain.withAdapters(
            new Trainee.Lora(lora, loraRank, loraAlpha),
            trainable.isBlank() ? Optional.empty() : Optional.of(set),
            seed);
  }
}
