package dev.forearm.runtime.robot;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the joints of one robot answer to commands, and the way back: from where a policy wants a
 * joint to the command that brings it there. Immutable, any thread.
 *
 * @param robot name of the robot it was measured on
 * @param robotSha256 {@link #sha256Of} that robot
 * @param measured date, ISO 8601
 * @param episodes names of the episodes it was identified from
 * @param joints in command order
 */
public record ActuatorCalibration(
    String robot,
    String robotSha256,
    String measured,
    List<String> episodes,
    List<JointResponse> joints) {
  private static final double NANOS_PER_MS = 1e6;

  public ActuatorCalibration {
    episodes = List.copyOf(episodes);
    joints = List.copyOf(joints);
  }

  /**
   * Reads a file that {@link #text} wrote.
   *
   * @throws RuntimeFault naming file, line, key, found and wanted, if it is missing or invalid
   */
  public static ActuatorCalibration read(Path file) {
    return ConfigFile.read(file, ActuatorCalibration::of);
  }

  /** As {@link #read}, from text; {@code name} stands for the file in messages. */
  public static ActuatorCalibration parse(String text, String name) {
    return ConfigFile.parse(text, name, ActuatorCalibration::of);
  }

  /**
   * Refuses another robot's.
   *
   * @throws RuntimeFault if the robot's name, joints or chain are not those it was measured on
   */
  public void requireFits(Robot other) {
    if (!robot.equals(other.name()) || !robotSha256.equals(sha256Of(other))) {
      throw new RuntimeFault(
          "actuators: measured on robot '%s' with joints and chain of SHA-256 %s, this one is '%s' with %s; identify this robot's own with 'forearm calibrate actuators'"
              .formatted(robot, robotSha256, other.name(), sha256Of(other)));
    }
  }

  /** Identity of what servos move: SHA-256 of a robot's joints, limits and chain, in lower case. */
  public static String sha256Of(Robot robot) {
    try {
      // What a robot does without is not part of it: a file outlives what robots may have besides.
      String text =
          (robot.joints() + "\n" + robot.chain())
              .replace(", mimic=Optional.empty", "")
              .replace(", unitMap=Optional.empty", "");
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Turns wanted positions into commands, in place; allocates nothing.
   *
   * @param actions [step][joint], row-major, rad or m
   */
  public void toCommands(double[] actions) {
    for (int i = 0; i < actions.length; i++) {
      actions[i] = joints.get(i % joints.size()).command(actions[i]);
    }
  }

  /** Turns commands into the positions that they lead to, in place; undoes {@link #toCommands}. */
  public void toPositions(double[] actions) {
    for (int i = 0; i < actions.length; i++) {
      actions[i] = joints.get(i % joints.size()).position(actions[i]);
    }
  }

  /** As YAML. */
  public String text() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("robot", robot);
    file.put("robot_sha256", robotSha256);
    file.put("measured", measured);
    file.put("episodes", episodes);
    file.put("joints", joints.stream().map(ActuatorCalibration::write).toList());
    return ConfigFile.write(file);
  }

  private static Map<String, Object> write(JointResponse joint) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", joint.joint());
    entry.put("gain", joint.gain());
    joint.gainError().ifPresent(error -> entry.put("gain_error", error));
    entry.put("bias", joint.bias());
    entry.put("bias_error", joint.biasError());
    entry.put("centre", joint.centre());
    entry.put("lag_ms", joint.lagNanos() / NANOS_PER_MS);
    joint.lagErrorNanos().ifPresent(error -> entry.put("lag_error_ms", error / NANOS_PER_MS));
    entry.put("lead_ms", joint.leadNanos() / NANOS_PER_MS);
    entry.put("residual_before", joint.residualBefore());
    entry.put("residual_after", joint.residualAfter());
    return entry;
  }

  private static ActuatorCalibration of(Section file) {
    return new ActuatorCalibration(
        file.text("robot"),
        file.text("robot_sha256"),
        file.text("measured"),
        file.texts("episodes"),
        file.sections("joints").stream().map(ActuatorCalibration::joint).toList());
  }

  private static JointResponse joint(Section entry) {
    return new JointResponse(
        entry.text("name"),
        entry.number("gain"),
        entry.optionalNumber("gain_error"),
        entry.number("bias"),
        entry.number("bias_error"),
        entry.number("centre"),
        Math.round(entry.number("lag_ms") * NANOS_PER_MS),
        entry.optionalNumber("lag_error_ms").map(error -> Math.round(error * NANOS_PER_MS)),
        Math.round(entry.number("lead_ms") * NANOS_PER_MS),
        entry.number("residual_before"),
        entry.number("residual_after"));
  }
}
