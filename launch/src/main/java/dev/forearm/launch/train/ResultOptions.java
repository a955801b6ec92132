package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.safetensors.SafetensorsWriter;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.models.train.CheckpointStore;
import dev.forearm.models.train.Trainee;
import dev.forearm.models.train.Trainer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What remains of a run of {@link TrainCommand}: checkpoints and trained weights. */
final class ResultOptions {
  private static final int CHECKPOINTS_KEPT = 3;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE|FOLDER",
      description = {
        "Write the trained weights there, the averaged ones with --average: as FILE.safetensors,",
        "the trained tensors; as FILE.onnx, the graph with them; as anything else, a new bundle",
        "folder with them, its own probe and hashes. May be given several times."
      })
  private List<Path> outs = new ArrayList<>();

  @Option(
      names = "--checkpoints",
      paramLabel = "FOLDER",
      description = {
        "Save all that is needed to go on there, and go on from the newest whole checkpoint",
        "there. A killed run that is started again gives the same weights, bit by bit on a CPU."
      })
  private @Nullable Path checkpoints;

  @Option(
      names = "--save-every",
      paramLabel = "STEPS",
      defaultValue = "500",
      description = "Steps between checkpoints. Default: ${DEFAULT-VALUE}.")
  private long saveEvery;

  @Option(
      names = "--plot",
      paramLabel = "PNG",
      description = "Draw the loss by step, and its running mean.")
  private @Nullable Path plot;

  Optional<CheckpointStore> store() {
    return Optional.ofNullable(checkpoints).map(f -> new CheckpointStore(f, CHECKPOINTS_KEPT));
  }

  long saveEvery() {
    return saveEvery;
  }

  Optional<Path> plot() {
    return Optional.ofNullable(plot);
  }

  /** Refuses, before anything is trained, what could not be written in the end. */
  void require(Optional<Bundle> bundle) {
    for (Path out : outs) {
      if (kind(out) == Kind.BUNDLE && bundle.isEmpty()) {
        throw new LaunchFailure(
            "--out %s: a new bundle is made of one, and the graph lies in none; name a .safetensors or .onnx file, or a --bundle"
                .formatted(out));
      }
    }
  }

  private enum Kind {
    WEIGHTS,
    GRAPH,
    BUNDLE
  }

  private static Kind kind(Path out) {
    String name = out.toString();
    return name.endsWith(".safetensors")
        ? Kind.WEIGHTS
        : name.endsWith(".onnx") ? Kind.GRAPH : Kind.BUNDLE;
  }

  /** Whether there is something to write. */
  boolean wanted() {
    return !outs.isEmpty();
  }

  void write(Trainee trainee, Trainer trainer, Optional<Bundle> bundle, String command) {
    Map<String, HostTensor> weights =
        trainee.weights(trainer.average().orElseGet(trainer::weights));
    Map<String, String> madeBy = new LinkedHashMap<>();
    madeBy.put("command", command);
    madeBy.put("steps", Long.toString(trainer.stepsDone()));
    for (Path out : outs) {
      switch (kind(out)) {
        case WEIGHTS -> SafetensorsWriter.write(out, views(weights), madeBy);
        case GRAPH -> OnnxWriter.write(trainee.graph(weights), out);
        case BUNDLE -> BundleWriter.write(bundle.orElseThrow(), weights, out, madeBy);
      }
      System.out.printf("Wrote %s.%n", out);
    }
  }

  private static Map<String, TensorView> views(Map<String, HostTensor> weights) {
    Map<String, TensorView> views = new LinkedHashMap<>();
    weights.forEach((name, value) ->
        views.put(
            name,
            new TensorView(
                value.type(),
                Arrays.stream(value.dims()).boxed().toList(),
                MemorySegment.ofBuffer(value.data()))));
    return views;
  }
}
