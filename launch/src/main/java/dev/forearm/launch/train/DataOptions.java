package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.npz.Npz;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.samples.EpisodeSamples;
import dev.forearm.models.train.DataSource;
import dev.forearm.models.train.GeneratedInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** What is learned from: the options of {@link TrainCommand} that make {@link DataSource}s. */
final class DataOptions {
  /** A name and a weight; a colon before anything else belongs to the name. */
  private static final Pattern WEIGHED = Pattern.compile("(.+):([0-9.eE+-]+)");

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "X.npz|EPISODES[:WEIGHT]",
      description = {
        "Rows to learn from; several sources are mixed in every batch by their weights.",
        "An .npz holds arrays under the names of the graph's inputs (in.NAME works too) and of the",
        "loss's data, rows first. Episodes are an .mcap file or a folder of them, as 'record'",
        "writes them: demonstrations that succeeded, normalised with the bundle's statistics."
      })
  private List<String> data;

  /** Which future an actor learns from. */
  enum Future {
    SEEN,
    IMAGINED,
    BOTH
  }

  @Option(
      names = "--future",
      defaultValue = "both",
      description = {
        "The future that an actor sees in episodes: seen, the one that came about; imagined, what",
        "the bundle's world model makes of the observation; or both, half of the rows each.",
        "Default: ${DEFAULT-VALUE}."
      })
  private Future future;

  @Option(
      names = "--input",
      paramLabel = "NAME=normal|uniform|NUMBER",
      description = "An input that is drawn anew in every batch, or constant, not read.")
  private Map<String, String> generated = new LinkedHashMap<>();

  /**
   * Reads everything.
   *
   * @param inputs names of the graph's inputs
   */
  List<DataSource> sources(Path graph, Set<String> inputs, Optional<Bundle> bundle) {
    List<DataSource> sources = new ArrayList<>();
    for (String text : data) {
      Matcher weighed = WEIGHED.matcher(text);
      boolean whole = Files.exists(Path.of(text)) || !weighed.matches();
      String place = whole ? text : weighed.group(1);
      double weight = whole ? 1 : number("--data " + text, weighed.group(2));
      if (!Files.exists(Path.of(place))) {
        throw new LaunchFailure(
            "--data %s: there is no such file or folder; name an .npz, an .mcap or a folder of .mcap, with a weight as NAME:NUMBER"
                .formatted(text));
      }
      if (weight <= 0) {
        throw new LaunchFailure("--data %s: the weight is not above 0".formatted(text));
      }
      if (Files.isDirectory(Path.of(place)) || place.matches(".*\\.mcap(\\.open)?")) {
        sources.addAll(episodes(place, weight, graph, inputs, bundle));
      } else {
        sources.add(arrays(place, weight));
      }
    }
    return sources;
  }

  private static DataSource arrays(String place, double weight) {
    Map<String, String> others = new LinkedHashMap<>();
    Map<String, HostTensor> arrays = Npz.read(Path.of(place), others::put);
    if (!others.isEmpty()) {
      tellIgnored(Path.of(place), others);
    }
    return new DataSource(place, arrays, others, weight);
  }

  static void tellIgnored(Path file, Map<String, String> arrays) {
    System.out.printf("%s: ignored, as they hold no numbers for a graph: %s%n", file, arrays);
  }

  private List<DataSource> episodes(
      String place, double weight, Path graph, Set<String> inputs, Optional<Bundle> owner) {
    Bundle bundle =
        owner.orElseThrow(() ->
            new LaunchFailure(
                "--data %s: episodes are normalised with a bundle's statistics, and %s lies in none; name one with --bundle"
                    .formatted(place, graph)));
    Bundle.Half half = bundle.half(String.valueOf(graph.getFileName()), inputs);
    EpisodeSamples samples = new EpisodeSamples(bundle.manifest(), bundle.statistics());
    int skipped = EpisodeFolder.read(Path.of(place), samples, System.err::println);
    Map<String, HostTensor> seen = samples.rows(half);
    System.out.printf(
        "%s: %s samples of %s episodes, %s skipped; %s that did not succeed left out%n",
        place, samples.samples().size(), samples.used(), skipped, samples.skipped());
    if (half == Bundle.Half.WORLD_MODEL || future == Future.SEEN) {
      return List.of(new DataSource(place, seen, weight));
    }
    Map<String, HostTensor> imagined = samples.rowsImagined(bundle);
    return future == Future.IMAGINED
        ? List.of(new DataSource(place, imagined, weight))
        : List.of(
            new DataSource(place, seen, weight / 2),
            new DataSource(place + ", imagined", imagined, weight / 2));
  }

  Map<String, GeneratedInput> generated() {
    Map<String, GeneratedInput> inputs = new LinkedHashMap<>();
    generated.forEach((name, kind) -> inputs.put(name, generatedInput(name, kind)));
    return inputs;
  }

  private static GeneratedInput generatedInput(String name, String kind) {
    return switch (kind) {
      case "normal" -> new GeneratedInput.Normal();
      case "uniform" -> new GeneratedInput.Uniform();
      default -> new GeneratedInput.Constant((float) number("--input " + name, kind));
    };
  }

  private static double number(String option, String text) {
    try {
      double number = Double.parseDouble(text);
      if (Float.isFinite((float) number)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below, as for a number that is not finite
    }
    throw new LaunchFailure(
        "%s: found '%s', wanted a number that float32 holds".formatted(option, text));
  }
}
