package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.report.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The manifest of one saved state of a training run: all that the tensors do not say.
 *
 * <p>Random numbers need no state of their own: they follow from the seed, the step and how far
 * each source is drawn.
 *
 * @param folder where it lies
 * @param graph name of the training graph
 * @param loss what it makes small, as text
 * @param step steps done
 * @param seed of the run
 * @param recipe optimizer, schedule, batch, averaging and generated inputs, as text: what, with the
 *     loss, must not change between runs that continue each other
 * @param sources how far each source is drawn
 * @param sha256 hash of each tensor file, by file name, lower-case hexadecimal
 */
public record Checkpoint(
    Path folder,
    String graph,
    String loss,
    long step,
    long seed,
    String recipe,
    List<Mixture.Position> sources,
    Map<String, String> sha256) {
  /** The trainable weights, under their names in the graph: what a bundle takes over. */
  public static final String WEIGHTS = "weights.safetensors";

  /** The averaged weights, likewise, if the run keeps an average. */
  public static final String AVERAGE = "average.safetensors";

  /** The optimizer's vectors: {@code state.0.NAME} and so on. */
  public static final String OPTIMIZER = "optimizer.safetensors";

  static final String MANIFEST = "checkpoint.json";

  public Checkpoint {
    sources = List.copyOf(sources);
    sha256 = Map.copyOf(sha256);
  }

  /** What a trainer would save now. */
  static Checkpoint of(Trainer trainer, Path folder, Map<String, String> sha256) {
    return new Checkpoint(
        folder,
        trainer.graph().name(),
        trainer.graph().loss(),
        trainer.stepsDone(),
        trainer.settings().seed(),
        recipe(trainer.settings()),
        trainer.examples().position(),
        sha256);
  }

  static String recipe(TrainingSettings settings) {
    return "%s; %s; %s x %s rows; clip %s; average %s; generated %s"
        .formatted(
            settings.optimizer(),
            settings.learningRate(),
            settings.microBatches(),
            settings.microBatchRows(),
            settings.clipNorm(),
            settings.averageDecay(),
            new TreeMap<>(settings.generated()));
  }

  /**
   * Reads a manifest.
   *
   * @throws dev.forearm.runtime.RuntimeFault if it is missing or malformed
   */
  static Checkpoint read(Path folder) {
    return ConfigFile.readJson(folder.resolve(MANIFEST), section -> parse(folder, section));
  }

  private static Checkpoint parse(Path folder, Section section) {
    Section hashes = section.section("sha256");
    Map<String, String> sha256 = new LinkedHashMap<>();
    for (String file : hashes.keys()) {
      sha256.put(file, hashes.text(file));
    }
    return new Checkpoint(
        folder,
        section.text("graph"),
        section.text("loss"),
        number(section, "step"),
        number(section, "seed"),
        section.text("recipe"),
        section.sections("sources").stream().map(Checkpoint::position).toList(),
        sha256);
  }

  private static Mixture.Position position(Section source) {
    return new Mixture.Position(
        number(source, "drawn"),
        number(source, "epoch"),
        number(source, "place"),
        number(source, "begin"),
        number(source, "end"));
  }

  private static long number(Section section, String key) {
    try {
      return Long.parseLong(section.text(key));
    } catch (NumberFormatException e) {
      throw section.fault(key, "wanted a whole number");
    }
  }

  /** The manifest as JSON. */
  String json() {
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("graph", graph);
    manifest.put("loss", loss);
    manifest.put("step", step);
    manifest.put("seed", seed);
    manifest.put("recipe", recipe);
    manifest.put("sources", sources.stream().map(Checkpoint::position).toList());
    manifest.put("sha256", new TreeMap<>(sha256));
    return Json.write(manifest) + "\n";
  }

  private static Map<String, Object> position(Mixture.Position source) {
    Map<String, Object> position = new LinkedHashMap<>();
    position.put("drawn", source.drawn());
    position.put("epoch", source.epoch());
    position.put("place", source.place());
    position.put("begin", source.begin());
    position.put("end", source.end());
    return position;
  }

  /**
   * Refuses a trainer that would not continue this run.
   *
   * @throws ModelsFault naming what differs
   */
  void requireContinues(Trainer trainer) {
    Checkpoint wanted = of(trainer, folder, sha256);
    require("graph", graph, wanted.graph);
    require("loss", loss, wanted.loss);
    require("recipe", recipe, wanted.recipe);
    require("seed", seed, wanted.seed);
    require("number of sources", sources.size(), wanted.sources.size());
  }

  private void require(String what, Object saved, Object running) {
    if (!saved.equals(running)) {
      throw new ModelsFault(
          "resume %s: %s is '%s', the trainer has '%s'; train with the settings of the checkpoint or start anew from its weights"
              .formatted(folder, what, saved, running));
    }
  }
}
