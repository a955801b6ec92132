package dev.forearm.models.bundle;

import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.JointUnit;
import dev.forearm.runtime.robot.UnitMap;
import dev.forearm.runtime.robot.WorkspaceBox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code bundle.yaml} into a {@link Manifest}. */
final class ManifestReader {
  static final String FILE = "bundle.yaml";

  /** Where the file of the foresight's limits is named. */
  static final String FORESIGHT = "foresight";

  /** How it chooses among what it could imagine. */
  static final String CHOICE = "choice";

  private static final int FORMAT = 2;
  private static final double NANOS_PER_SECOND = 1e9;

  private ManifestReader() {}

  static Manifest parse(String text, String name) {
    return ConfigFile.parse(text, name, ManifestReader::manifest);
  }

  private static Manifest manifest(Section file) {
    int format = file.integer("format");
    if (format != FORMAT) {
      throw file.fault("format", "found %s, wanted %s; export again".formatted(format, FORMAT));
    }
    Section robot = file.section("robot");
    Section rates = file.section("rates_hz");
    Section imagination = file.section("imagination");
    Section action = file.section("action");
    Section graphs = file.section("graphs");
    List<JointUnit> units = new ArrayList<>();
    List<Optional<UnitMap>> maps = new ArrayList<>();
    List<Manifest.Range> ranges = new ArrayList<>();
    List<String> joints = new ArrayList<>();
    for (Section joint : action.sections("joints")) {
      joints.add(joint.text("name"));
      Said said = said(joint);
      double[] range = joint.numbers("range", 2);
      maps.add(said.map);
      units.add(said.unit);
      ranges.add(
          said.map
              .map(m -> new Manifest.Range(m.toPosition(range[0]), m.toPosition(range[1])))
              .orElse(new Manifest.Range(range[0], range[1])));
    }
    return new Manifest(
        file.text("name"),
        file.text("task"),
        robot.text("name"),
        sha256(robot, "model_sha256"),
        sha256(robot, "calibration_sha256"),
        workspace(robot.section("workspace")),
        periodNanos(rates, "control"),
        spec(file, imagination, action, joints, periodNanos(rates, "policy")),
        units,
        maps,
        ranges,
        relative(imagination, "observation"),
        relative(action, "joint_position"),
        graph(graphs.section("world_model")),
        graph(graphs.section("actor")),
        fileName(file, "weights"),
        fileName(file, "statistics"),
        fileName(file, "probe"),
        optionalFileName(file, FORESIGHT),
        file.optionalSection(CHOICE)
            .map(choice -> new Manifest.Choice(fileName(choice, "file"), choice.integer("plans"))),
        optionalFileName(file, "actuators"),
        file.optionalSection("parameters").map(ManifestReader::texts).orElse(Map.of()),
        sha256(file, "parent"),
        file.optionalSection("made_by").map(ManifestReader::texts).orElse(Map.of()));
  }

  private static PolicySpec spec(
      Section file, Section imagination, Section action, List<String> joints, long periodNanos) {
    List<Feature> observation = new ArrayList<>();
    for (Section feature : file.sections("observation")) {
      observation.add(feature(feature, observation));
    }
    List<Integer> frames = new ArrayList<>();
    int chunk = action.integer("chunk_steps");
    for (double step : imagination.numbers("frame_steps")) {
      int previous = frames.isEmpty() ? 0 : frames.get(frames.size() - 1);
      if (step != Math.rint(step) || step <= previous) {
        throw imagination.fault(
            "frame_steps", "found %s after %s, wanted ascending steps".formatted(step, previous));
      }
      frames.add((int) step);
    }
    if (chunk < 1 || joints.isEmpty() || frames.isEmpty()) {
      throw action.fault("chunk_steps", "wanted at least one step, one joint and one frame");
    }
    return new PolicySpec(
        observation,
        observed(file, "proprioception", observation),
        observed(imagination, "features", observation),
        frames,
        joints,
        chunk,
        periodNanos);
  }

  private static Feature feature(Section feature, List<Feature> before) {
    String name = feature.text("name");
    if (before.stream().anyMatch(other -> other.name().equals(name))) {
      throw feature.fault("name", "'%s' is given twice".formatted(name));
    }
    Source source = Source.read(feature, "source");
    int size = size(feature, source);
    String dtype = feature.text("dtype");
    if (!dtype.equals("float32")) {
      throw feature.fault("dtype", "found %s, wanted float32".formatted(dtype));
    }
    return new Feature(name, source, size, feature.text("unit"));
  }

  /** Of a vector as the shape says, of an image and a topic's field as the shape must say. */
  private static int size(Section feature, Source source) {
    double[] shape = feature.numbers("shape");
    double[] wanted =
        switch (source) {
          case Source.Image image ->
              new double[] {image.channelCount(), image.height(), image.width()};
          case Source.TopicField field -> new double[] {field.size()};
          case Source.JointPosition _,
              Source.JointVelocity _,
              Source.JointEffort _,
              Source.ToolPosition _,
              Source.ToolRotation _,
              Source.ObjectPosition _,
              Source.ObjectRotation _ ->
              feature.numbers("shape", 1);
        };
    double size = 1;
    for (double side : shape) {
      size *= side;
    }
    if (!Arrays.equals(shape, wanted) || size < 1 || size != Math.rint(size)) {
      throw feature.fault(
          "shape",
          "found %s, wanted %s whole and at least 1"
              .formatted(Arrays.toString(shape), Arrays.toString(wanted)));
    }
    return (int) size;
  }

  private static List<String> observed(Section section, String key, List<Feature> observation) {
    List<String> names = section.texts(key);
    for (String name : names) {
      if (observation.stream().noneMatch(feature -> feature.name().equals(name))) {
        throw section.fault(
            key,
            "'%s' is not among the observed %s"
                .formatted(name, observation.stream().map(Feature::name).toList()));
      }
      if (observation.stream().anyMatch(f -> f.name().equals(name) && f.isImage())) {
        throw section.fault(key, "'%s' is an image, wanted numbers".formatted(name));
      }
    }
    return names;
  }

  private static Manifest.GraphFile graph(Section graph) {
    if (graph.has("gradients") && !graph.has("train_file")) {
      throw graph.fault("gradients", "found no 'train_file' whose gradients these are");
    }
    return new Manifest.GraphFile(
        fileName(graph, "file"),
        optionalFileName(graph, "train_file"),
        optionalFileName(graph, "gradients"),
        ports(graph, "state"),
        ports(graph, "noise"),
        prefix(graph));
  }

  private static int prefix(Section graph) {
    int steps = graph.optionalInteger("prefix").orElse(0);
    if (steps < 0) {
      throw graph.fault("prefix", "found %s, wanted a number of steps from 0".formatted(steps));
    }
    return steps;
  }

  private static List<Manifest.Port> ports(Section graph, String key) {
    List<Manifest.Port> ports = new ArrayList<>();
    for (Section port : graph.optionalSections(key)) {
      String name = port.text("name");
      List<Long> shape = new ArrayList<>();
      for (double size : port.numbers("shape")) {
        if (!(size >= 1) || size != Math.rint(size)) {
          throw port.fault("shape", "found %s, wanted whole numbers from 1".formatted(size));
        }
        shape.add((long) size);
      }
      if (ports.stream().anyMatch(other -> other.name().equals(name))) {
        throw port.fault("name", "'%s' is given twice".formatted(name));
      }
      ports.add(new Manifest.Port(name, shape));
    }
    return ports;
  }

  private static Optional<String> optionalFileName(Section section, String key) {
    return section.has(key) ? Optional.of(fileName(section, key)) : Optional.empty();
  }

  private static String fileName(Section section, String key) {
    String name = section.text(key);
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
      throw section.fault(key, "found '%s', wanted a plain file name".formatted(name));
    }
    return name;
  }

  private static Optional<String> sha256(Section section, String key) {
    Optional<String> hash = section.optionalText(key);
    if (hash.isPresent() && !hash.get().matches("[0-9a-f]{64}")) {
      throw section.fault(key, "found '%s', wanted a SHA-256 in lower case".formatted(hash.get()));
    }
    return hash;
  }

  private static boolean relative(Section section, String reference) {
    String found = section.optionalText("relative_to").orElse("nothing");
    if (found.equals(reference)) {
      return true;
    }
    if (found.equals("nothing")) {
      return false;
    }
    throw section.fault(
        "relative_to", "found '%s', wanted %s or nothing".formatted(found, reference));
  }

  /**
   * A joint's unit.
   *
   * @param unit of the runtime
   * @param map how the bundle's files speak of it, if otherwise
   */
  private record Said(JointUnit unit, Optional<UnitMap> map) {}

  private static Said said(Section joint) {
    String symbol = joint.text("unit");
    Optional<Section> map = joint.optionalSection("unit_map");
    if (map.isPresent()) {
      return new Said(unit(map.get(), "to"), Optional.of(UnitMap.read(map.get(), symbol)));
    }
    return symbol.equals(UnitMap.DEGREES.unit())
        ? new Said(JointUnit.RADIAN, Optional.of(UnitMap.DEGREES))
        : new Said(unit(joint, "unit"), Optional.empty());
  }

  private static JointUnit unit(Section section, String key) {
    String symbol = section.text(key);
    for (JointUnit unit : JointUnit.values()) {
      if (unit.symbol().equals(symbol)) {
        return unit;
      }
    }
    throw section.fault(
        key,
        "%sfound %s, wanted rad or m, deg, or another with a unit_map; re-export with --unit rad"
            .formatted(
                section.optionalText("name").map("joint '%s': "::formatted).orElse(""), symbol));
  }

  private static WorkspaceBox workspace(Section box) {
    double[] min = box.numbers("min_m", 3);
    double[] max = box.numbers("max_m", 3);
    return new WorkspaceBox(min[0], max[0], min[1], max[1], min[2], max[2]);
  }

  private static long periodNanos(Section rates, String key) {
    double hertz = rates.number(key);
    if (!(hertz > 0)) {
      throw rates.fault(key, "found %s, wanted a positive rate".formatted(hertz));
    }
    return Math.round(NANOS_PER_SECOND / hertz);
  }

  private static Map<String, String> texts(Section section) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : section.keys()) {
      texts.put(key, section.text(key));
    }
    return texts;
  }
}
