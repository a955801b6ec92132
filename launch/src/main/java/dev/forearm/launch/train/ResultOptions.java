package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.safetensors.SafetensorsWriter;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.models.train.CheckpointStore;
import dev.forearm.models.train.Trainee;
import dev.forearm.models.train.Trainer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** What remains of a run of {@link TrainCommand}: checkpoints and trained weights. */
final class ResultOptions {
  private static final Logger LOG = LoggerFactory.getLogger(ResultOptions.class);
  private static final int CHECKPOINTS_KEPT = 3;
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

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

  /**
   * Refuses, before anything is trained, what could not be written in the end; makes the
   * checkpoints' folder.
   */
  void require(Optional<Bundle> bundle) {
    Set<Path> places = new HashSet<>();
    for (Path out : outs) {
      String option = "--out " + out;
      if (kind(out) == Kind.BUNDLE && bundle.isEmpty()) {
        throw new LaunchFailure(
            "%s: a new bundle is made of one, and the graph lies in none; name a .safetensors or .onnx file, or a --bundle"
                .formatted(option));
      }
      if (!places.add(out.toAbsolutePath().normalize())) {
        throw new LaunchFailure(option + ": given twice; name another place");
      }
      if (kind(out) == Kind.BUNDLE ? Files.exists(out) : Files.isDirectory(out)) {
        throw new LaunchFailure(
            option + ": something lies there already; name another place or move it away");
      }
      requireWritable(option, out);
    }
    if (plot != null) {
      if (Files.isDirectory(plot)) {
        throw new LaunchFailure("--plot %s: a folder lies there; name a file".formatted(plot));
      }
      requireWritable("--plot " + plot, plot);
    }
    if (checkpoints != null) {
      try {
        Files.createDirectories(checkpoints);
      } catch (IOException e) {
        throw new LaunchFailure(
            "--checkpoints %s: no folder can be made there (%s)".formatted(checkpoints, e), e);
      }
      requireWritable("--checkpoints " + checkpoints, checkpoints.resolve("step"));
    }
  }

  /** Refuses, before anything is trained, parameters that a wanted bundle could not take over. */
  void requireFits(Trainee trainee, Trainer trainer, Optional<Bundle> bundle) {
    if (outs.stream().anyMatch(out -> kind(out) == Kind.BUNDLE)) {
      BundleWriter.requireFits(bundle.orElseThrow(), trainee.weights(trainer.weights()));
    }
  }

  private static void requireWritable(String option, Path file) {
    Path folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), Path.of("/"));
    if (!Files.isDirectory(folder)) {
      throw new LaunchFailure(
          "%s: there is no folder %s; make it or name another".formatted(option, folder));
    }
    try {
      Files.delete(Files.createTempFile(folder, "forearm", ".part"));
    } catch (IOException e) {
      throw new LaunchFailure(
          "%s: nothing can be written in %s (%s); name another folder".formatted(option, folder, e),
          e);
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

  /**
   * Writes every result; one that cannot be written where it was wanted is kept elsewhere.
   *
   * @throws LaunchFailure if there was such a one, naming where it is kept
   */
  void write(Trainee trainee, Trainer trainer, Optional<Bundle> bundle, String command) {
    Map<String, HostTensor> weights =
        trainee.weights(trainer.average().orElseGet(trainer::weights));
    Map<String, String> madeBy = new LinkedHashMap<>();
    madeBy.put("command", command);
    madeBy.put("steps", Long.toString(trainer.stepsDone()));
    Consumer<Path> writer =
        place -> {
          switch (kind(place)) {
            case WEIGHTS -> SafetensorsWriter.write(place, views(weights), madeBy);
            case GRAPH -> OnnxWriter.write(trainee.graph(weights), place);
            case BUNDLE -> BundleWriter.write(bundle.orElseThrow(), weights, place, madeBy);
          }
          System.out.printf("Wrote %s.%n", place);
        };
    List<String> failed = new ArrayList<>();
    for (Path out : outs) {
      try {
        writer.accept(out);
      } catch (ModelsFault e) {
        failed.add("--out %s: %s; %s".formatted(out, e.getMessage(), kept(out, writer)));
      }
    }
    if (!failed.isEmpty()) {
      throw new LaunchFailure(String.join("\n", failed));
    }
  }

  /** Writes a result elsewhere, beside its place or else among temporary files, and says where. */
  private static String kept(Path out, Consumer<Path> writer) {
    for (Path folder : List.of(out.toAbsolutePath().getParent(), TEMPORARY)) {
      try {
        Path made = Files.createTempDirectory(folder, "kept-");
        made.toFile().deleteOnExit(); // only goes where nothing could be written in it
        Path place = made.resolve(out.getFileName());
        writer.accept(place);
        return "the result is kept as " + place;
      } catch (IOException | ModelsFault e) {
        LOG.debug("Keeping the result in {}: {}", folder, e.getMessage());
      }
    }
    return "it could be kept nowhere";
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
