package dev.forearm.launch.calibrate;

import dev.forearm.calibration.actuators.ActuatorIdentification;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.launch.capture.ExcitationOptions;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm calibrate actuators}. */
@Command(
    name = "actuators",
    mixinStandardHelpOptions = true,
    description = {
      "Identify gain, bias and lag of each joint from what it was commanded and what it did in",
      "recorded episodes, successful or not; ten are plenty. 'run', 'evaluate', 'record' and 'demo'",
      "take the file with --actuators, so that a policy's joints go where it wants them."
    })
final class ActuatorsCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Option(
      names = "--robot",
      defaultValue = "tabletop",
      description =
          "Robot file, or the name of one that comes with Forearm (default: ${DEFAULT-VALUE}).")
  private String robotName;

  @Option(
      names = "--episodes",
      required = true,
      paramLabel = "DIR",
      description = "A folder of episodes, or one; with --live the folder it is recorded into.")
  private Path episodes;

  @Mixin private ExcitationOptions excitation;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = {
        "Such a file of the robot that the policy learned on. Joints that lag more than they did",
        "there are then told that much earlier."
      })
  private @Nullable Path reference;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "FILE",
      description = "The file to write, or with --bundle the folder of the new bundle.")
  private Path out;

  @Option(
      names = "--bundle",
      paramLabel = "BUNDLE",
      description = "Write a bundle that is this one and carries what was found.")
  private @Nullable String bundle;

  @Override
  public Integer call() {
    Robot robot = House.robot(robotName);
    if (excitation.live()) {
      Path _ = excitation.record(robot, null, episodes, "excitation");
    }
    ActuatorCalibration found =
        ActuatorIdentification.of(
            robot,
            motions(robot),
            Optional.ofNullable(reference).map(ActuatorCalibration::read),
            LocalDate.now(ZoneOffset.UTC).toString());
    found.joints().forEach(joint -> System.out.println(line(joint)));
    write(found);
    System.out.println("actuators  " + out);
    output.write(report(found));
    return 0;
  }

  private Map<String, List<JointMotion>> motions(Robot robot) {
    Map<String, List<JointMotion>> motions =
        MotionReader.readEach(
            EpisodeReader.files(episodes),
            robot,
            fault -> System.out.println("skipped: " + fault.getMessage()));
    if (motions.isEmpty()) {
      throw new LaunchFailure(
          "calibrate actuators: all of %s was skipped, for the reasons above".formatted(episodes));
    }
    return motions;
  }

  /** Angles in mrad, lengths in mm: thousandths of the joint's unit. */
  private static String line(JointResponse joint) {
    return String.format(
        Locale.ROOT,
        "%-20s gain %s  bias %+.2f +- %.2f e-3  lag %.1f ms%s  residual %.2f -> %.2f e-3",
        joint.joint(),
        joint
            .gainError()
            .map(error -> String.format(Locale.ROOT, "%.4f +- %.4f", joint.gain(), error))
            .orElse("not told, moved too little"),
        1e3 * joint.bias(),
        1e3 * joint.biasError(),
        joint.lagNanos() * 1e-6,
        joint.leadNanos() == 0
            ? ""
            : String.format(Locale.ROOT, " (lead %.1f)", joint.leadNanos() * 1e-6),
        1e3 * joint.residualBefore(),
        1e3 * joint.residualAfter());
  }

  private void write(ActuatorCalibration found) {
    if (bundle != null) {
      try (Bundle parent = BundleReader.read(House.bundle(bundle), Trust.anyone())) {
        Map<String, String> madeBy = Map.of("command", "forearm calibrate actuators");
        BundleWriter.write(parent, Map.of(), Optional.of(found), out, madeBy);
      }
      return;
    }
    try {
      Files.writeString(out, found.text());
    } catch (IOException e) {
      throw new LaunchFailure(
          "calibrate actuators: %s cannot be written (%s); name another file with -o"
              .formatted(out, e),
          e);
    }
  }

  private static Map<String, Object> report(ActuatorCalibration found) {
    Map<String, Object> joints = new LinkedHashMap<>();
    for (JointResponse joint : found.joints()) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("gain", joint.gain());
      values.put("gain_error", joint.gainError().orElse(null));
      values.put("bias", joint.bias());
      values.put("bias_error", joint.biasError());
      values.put("lag_ms", joint.lagNanos() * 1e-6);
      values.put("lead_ms", joint.leadNanos() * 1e-6);
      values.put("residual_before", joint.residualBefore());
      values.put("residual_after", joint.residualAfter());
      joints.put(joint.joint(), values);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("robot", found.robot());
    report.put("episodes", found.episodes().size());
    report.put("joints", joints);
    return report;
  }
}
