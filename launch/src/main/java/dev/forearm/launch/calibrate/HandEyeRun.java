package dev.forearm.launch.calibrate;

import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.handeye.Freedom;
import dev.forearm.calibration.handeye.HandEyeCalibration;
import dev.forearm.calibration.handeye.HandEyeFinding;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.Mounting;
import dev.forearm.calibration.handeye.Noise;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.capture.Coach;
import dev.forearm.launch.capture.HandEyeCoach;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code hand-eye} and {@code joints} have in common: captures in, a finding told out. */
final class HandEyeRun {
  @Mixin CalibrationFileOptions file = new CalibrationFileOptions();
  @Mixin CaptureOptions captures = new CaptureOptions();

  @Option(
      names = "--camera",
      required = true,
      paramLabel = "NAME",
      description = "The camera's frame; the calibration file has its intrinsics.")
  String camera = "";

  @Option(
      names = "--poses",
      paramLabel = "CSV",
      description = {
        "With --images: picture,JOINT,... with every joint of the robot, rad or m",
        "(default: poses.csv in that folder)."
      })
  private @Nullable Path poses;

  @Option(
      names = "--mounting",
      required = true,
      paramLabel = "eye-in-hand|eye-to-hand",
      description =
          "Whether the camera is on the tool, or stands still while the tool has the board.")
  private String mountingName = "";

  Mounting mounting() {
    return switch (mountingName) {
      case "eye-in-hand" -> Mounting.EYE_IN_HAND;
      case "eye-to-hand" -> Mounting.EYE_TO_HAND;
      default ->
          throw new LaunchFailure(
              "calibrate: found --mounting '%s', wanted eye-in-hand or eye-to-hand"
                  .formatted(mountingName));
    };
  }

  HandEyeFinding found(Calibration calibration, Set<Freedom> freedoms) {
    Robot robot = file.robot();
    PinholeCamera pinhole = calibration.camera(camera).camera();
    Coach coach =
        new HandEyeCoach(
            new HandEyeProblem(mounting(), robot, pinhole, captures.board(), List.of()));
    CaptureOptions.Seen seen = captures.look(robot, true, poses, coach);
    if (seen.captures().stream().anyMatch(capture -> capture.joints().length == 0)) {
      throw new LaunchFailure(
          "calibrate: nobody told how the arm stood; give --poses with --images, or an episode");
    }
    HandEyeProblem problem =
        new HandEyeProblem(mounting(), robot, pinhole, captures.board(), seen.captures());
    coach
        .advice(seen.captures(), seen.width(), seen.height())
        .ifPresent(advice -> System.out.println("better yet  " + advice));
    HandEyeFinding found = HandEyeCalibration.of(problem, freedoms, Noise.USUAL);
    tell(found);
    return found;
  }

  private static void tell(HandEyeFinding found) {
    found
        .leftOut()
        .forEach(one -> System.out.println("left out  " + one.name() + ": " + one.why()));
    found
        .closedForms()
        .forEach(form ->
            System.out.printf(
                Locale.ROOT,
                "%-12s %.2f mm %.3f deg from what is adjusted%n",
                form.method(),
                form.mm(),
                form.deg()));
    System.out.printf(
        Locale.ROOT,
        "standard error %.2f mm %.3f deg; held out %.2f mm %.3f deg %.2f px; corners %.2f px, joints %.3f deg%n",
        found.errorMm(),
        found.errorDeg(),
        found.heldOutMm(),
        found.heldOutDeg(),
        found.heldOutPx(),
        found.noise().cornerPx(),
        Math.toDegrees(found.noise().jointRad()));
  }

  static void tellOffsets(HandEyeFinding found) {
    found
        .offsets()
        .forEach(offset ->
            System.out.println(
                offset.errorRad() == 0
                    ? "%-20s not told apart from where base and tool are".formatted(offset.joint())
                    : String.format(
                        Locale.ROOT,
                        "%-20s %+.3f +- %.3f deg",
                        offset.joint(),
                        Math.toDegrees(offset.rad()),
                        Math.toDegrees(offset.errorRad()))));
  }

  Map<String, Object> report(HandEyeFinding found, Calibration written) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("camera", camera);
    report.put("error_mm", found.errorMm());
    report.put("error_deg", found.errorDeg());
    report.put("held_out_mm", found.heldOutMm());
    report.put("held_out_deg", found.heldOutDeg());
    report.put("held_out_px", found.heldOutPx());
    report.put("corner_noise_px", found.noise().cornerPx());
    report.put("joint_noise_deg", Math.toDegrees(found.noise().jointRad()));
    Map<String, Object> solvers = new LinkedHashMap<>();
    found
        .closedForms()
        .forEach(form ->
            solvers.put(
                form.method().name().toLowerCase(Locale.ROOT), List.of(form.mm(), form.deg())));
    report.put("closed_forms_mm_deg", solvers);
    report.put("left_out", found.leftOut().stream().map(one -> one.name()).toList());
    report.put("calibration_sha256", written.sha256());
    return report;
  }
}
