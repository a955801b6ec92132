package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The manifest of one saved state of a training run: all that the tensors do not say.
 *
 * <p>Random numbers need no state of their own: they follow from the seed, the step and how many
 * rows each source has given.
 *
 * @param folder where it lies
 * @param graph name of the training graph
 * @param step steps done
 * @param seed of the run
 * @param recipe optimizer, batch and averaging, as text: what must not change between runs that
 *     continue each other
 * @param drawn rows that each source has given
 * @param sha256 hash of each tensor file, by file name, lower-case hexadecimal
 */
public record Checkpoint(
    Path folder,
    String graph,
    long step,
    long seed,
    String recipe,
    List<Long> drawn,
    Map<String, String> sha256) {
  /** The trainable weights, under their names in the graph: what a bundle takes over. */
  public static final String WEIGHTS = "weights.safetensors";

  /** The averaged weights, likewise, if the run keeps an average. */
  public static final String AVERAGE = "average.safetensors";

  /** The optimizer's vectors: {@code state.0.NAME} and so on. */
  public static final String OPTIMIZER = "optimizer.safetensors";

  static final String MANIFEST = "checkpoint.yaml";

  public Checkpoint {
    drawn = List.copyOf(drawn);
    sha256 = Map.copyOf(sha256);
  }

  /** What a trainer would save now. */
  static Checkpoint of(Trainer trainer, Path folder, Map<String, String> sha256) {
    return new Checkpoint(
        folder,
        trainer.graphName(),
        trainer.stepsDone(),
        trainer.settings().seed(),
        recipe(trainer.settings()),
        Arrays.stream(trainer.examples().position()).boxed().toList(),
        sha256);
  }

  static String recipe(TrainingSettings settings) {
    return "%s; %s x %s rows; clip %s; average %s"
        .formatted(
            settings.optimizer(),
            settings.microBatches(),
            settings.microBatchRows(),
            settings.clipNorm(),
            settings.averageDecay());
  }

  /**
   * Reads a manifest.
   *
   * @throws dev.forearm.runtime.RuntimeFault if it is missing or malformed
   */
  static Checkpoint read(Path folder) {
    return ConfigFile.read(folder.resolve(MANIFEST), section -> parse(folder, section));
  }

  private static Checkpoint parse(Path folder, Section section) {
    Section hashes = section.section("sha256");
    Map<String, String> sha256 = new LinkedHashMap<>();
    for (String file : List.copyOf(hashes.keys())) {
      sha256.put(file, hashes.text(file));
    }
    return new Checkpoint(
        folder,
        section.text("graph"),
        number(section, "step"),
        number(section, "seed"),
        section.text("recipe"),
        section.texts("drawn").stream().map(Long::valueOf).toList(),
        sha256);
  }

  private static long number(Section section, String key) {
    try {
      return Long.parseLong(section.text(key));
    } catch (NumberFormatException e) {
      throw section.fault(key, "wanted a whole number");
    }
  }

  String yaml() {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("graph", graph);
    manifest.put("step", step);
    manifest.put("seed", seed);
    manifest.put("recipe", recipe);
    manifest.put("drawn", drawn);
    manifest.put("sha256", new TreeMap<>(sha256));
    return ConfigFile.write(manifest);
  }

  /**
   * Refuses a trainer that would not continue this run.
   *
   * @throws ModelsFault naming what differs
   */
  void requireContinues(Trainer trainer) {
    Checkpoint wanted = of(trainer, folder, sha256);
    require("graph", graph, wanted.graph);
    require("recipe", recipe, wanted.recipe);
    require("seed", seed, wanted.seed);
    require("number of sources", drawn.size(), wanted.drawn.size());
  }

  private void require(String what, Object saved, Object running) {
    if (!saved.equals(running)) {
      throw new ModelsFault(
          "resume %s: %s is '%s', the trainer has '%s'; train with the settings of the checkpoint or"
                  .formatted(folder, what, saved, running)
              + " start anew from its weights");
    }
  }
}
