package dev.forearm.models.bundle;

import dev.forearm.models.Sha256;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A copy of the small committed bundle that a test may damage, and the robot that it fits. */
public final class SmallBundle {
  private static final List<String> FILES =
      List.of(
          "SHA256SUMS",
          "actor.gradients.safetensors",
          "actor.onnx",
          "actor.train.onnx",
          "bundle.yaml",
          "probe.safetensors",
          "stats.json",
          "weights.safetensors",
          "world_model.gradients.safetensors",
          "world_model.onnx",
          "world_model.train.onnx");

  private static final String ROBOT =
      """
      name: small
      joints:
        - {name: shoulder, unit: rad, position: [-2, 2], velocity_max: 2, acceleration_max: 10}
        - {name: finger, unit: m, position: [0, 0.04], velocity_max: 0.2, acceleration_max: 4}
      joint_groups:
        - name: arm
          joints: [shoulder, finger]
          states: /joint_states
          command: {topic: /commands, form: positions, rate_hz: 250}
      chain:
        base_frame: base
        tool_frame: tool
        links:
          - {xyz: [0, 0, 0.3], rpy_deg: [0, 0, 0], joint: shoulder, axis: [0, 0, 1]}
      workspace: {min_m: [0.1, -0.5, 0], max_m: [0.8, 0.5, 0.8]}
      topics:
        objects: /objects
        object_names: /object_names
      rates_hz: {control: 500, policy: 20}
      timeouts_ms: {joint_state: 40, observation: 250, chunk: 500, ramp_down: 2000}
      control: {blend_ms: 100}
      safety: {action_slack: 0.25, resumes_by_itself: true}
      objects: [cube]
      """;

  private SmallBundle() {}

  /** The robot that the bundle was made for. */
  public static Robot robot() {
    return RobotFile.parse(ROBOT, "small.yaml");
  }

  /** That robot with one line of its file changed. */
  public static Robot robot(String line, String changed) {
    return robot(Map.of(line, changed));
  }

  /** That robot with some pieces of its file changed. */
  public static Robot robot(Map<String, String> changes) {
    String text = ROBOT;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      if (!text.contains(change.getKey())) {
        throw new IllegalArgumentException("the robot file has no '" + change.getKey() + "'");
      }
      text = text.replace(change.getKey(), change.getValue());
    }
    return RobotFile.parse(text, "small.yaml");
  }

  /** Copies the bundle into {@code folder}. */
  public static Path copy(Path folder) throws IOException {
    for (String name : FILES) {
      try (InputStream in =
          Objects.requireNonNull(SmallBundle.class.getResourceAsStream("/bundles/small/" + name))) {
        Files.write(folder.resolve(name), in.readAllBytes());
      }
    }
    return folder;
  }

  /** A copy under another name, and so with another hash, in a folder of that name. */
  public static Path named(Path folder, String name) throws IOException {
    Path bundle = copy(Files.createDirectories(folder.resolve(name)));
    edit(bundle, "bundle.yaml", "format: 2\nname: small", "format: 2\nname: " + name);
    return bundle;
  }

  /** Replaces a piece of a text file and corrects SHA256SUMS. */
  public static void edit(Path bundle, String file, String found, String wanted)
      throws IOException {
    String text = Files.readString(bundle.resolve(file));
    if (!text.contains(found)) {
      throw new IllegalArgumentException(file + " has no '" + found + "'");
    }
    Files.writeString(bundle.resolve(file), text.replace(found, wanted));
    hash(bundle);
  }

  /** Replaces a graph, and says in the probe what the graphs now give. */
  public static void replace(Path bundle, String file, Graph graph) throws IOException {
    OnnxWriter.write(graph, bundle.resolve(file));
    hash(bundle);
    BundleWriter.writeProbe(bundle);
    hash(bundle);
  }

  /** Writes SHA256SUMS over what lies there. */
  public static void hash(Path bundle) throws IOException {
    TreeMap<String, String> sums = new TreeMap<>();
    try (var files = Files.list(bundle)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.equals("SHA256SUMS") && !name.equals("signature")) {
          byte[] content = Files.readAllBytes(file);
          sums.put(name, Sha256.of(MemorySegment.ofArray(content)));
        }
      }
    }
    StringBuilder list = new StringBuilder();
    sums.forEach((name, sum) -> list.append(sum).append("  ").append(name).append('\n'));
    Files.writeString(bundle.resolve("SHA256SUMS"), list, StandardCharsets.UTF_8);
  }

  /** Reads the weights' file into memory. */
  static SafetensorsFile weights(Path bundle) throws IOException {
    return SafetensorsFile.of("weights", Files.readAllBytes(bundle.resolve("weights.safetensors")));
  }
}
