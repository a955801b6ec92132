package dev.forearm.models.bundle;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.foresight.ForesightLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The limits of a policy's foresight as YAML: a bundle's {@code foresight.yaml}, or a file beside a
 * bundle that is to stay as it is. It says for which weights it was calibrated, and is refused for
 * others.
 */
public final class ForesightFile {
  /** What it is called in a bundle. */
  static final String FILE = "foresight.yaml";

  private static final int FORMAT = 1;
  private static final String WEIGHTS = "weights_sha256";

  private ForesightFile() {}

  /**
   * Reads limits for a bundle.
   *
   * @throws RuntimeFault if the file is missing or malformed, or was calibrated for other weights
   */
  public static ForesightLimits read(Path file, Bundle bundle) {
    return ConfigFile.read(
        file, section -> limits(section, bundle.manifest(), bundle.weightsSha256()));
  }

  /** As {@link #read} takes it. */
  public static String text(ForesightLimits limits, Bundle bundle) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("format", FORMAT);
    file.put(WEIGHTS, bundle.weightsSha256());
    file.put("false_stops", limits.falseStops());
    file.put("episodes", limits.episodes());
    file.put("realised", new TreeMap<>(limits.realised()));
    file.put("spread", new TreeMap<>(limits.spread()));
    return ConfigFile.write(file);
  }

  /**
   * Writes limits beside a bundle.
   *
   * @throws RuntimeFault if the file cannot be written
   */
  public static void write(ForesightLimits limits, Bundle bundle, Path file) {
    try {
      Files.writeString(file, text(limits, bundle), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new RuntimeFault("write foresight limits %s: %s".formatted(file, e), e);
    }
  }

  static ForesightLimits parse(String text, String name, Manifest manifest, String weightsSha256) {
    return ConfigFile.parse(text, name, file -> limits(file, manifest, weightsSha256));
  }

  private static ForesightLimits limits(Section file, Manifest manifest, String weightsSha256) {
    if (file.integer("format") != FORMAT) {
      throw file.fault("format", "found %s, wanted %s".formatted(file.integer("format"), FORMAT));
    }
    if (!file.text(WEIGHTS).equals(weightsSha256)) {
      throw file.fault(
          WEIGHTS,
          "calibrated for weights %s, bundle '%s' has %s; calibrate it again"
              .formatted(file.text(WEIGHTS), manifest.name(), weightsSha256));
    }
    List<String> features = manifest.spec().imagined();
    return new ForesightLimits(
        file.number("false_stops"),
        file.integer("episodes"),
        limits(file.section("realised"), features),
        limits(file.section("spread"), features));
  }

  private static Map<String, Double> limits(Section channel, List<String> features) {
    Map<String, Double> limits = new LinkedHashMap<>();
    features.forEach(feature -> limits.put(feature, channel.number(feature)));
    return limits;
  }
}
