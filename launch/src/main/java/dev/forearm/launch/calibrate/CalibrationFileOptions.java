package dev.forearm.launch.calibrate;

import dev.forearm.calibration.file.Calibration;
import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.Option;

/** The robot and its calibration file, which each command adds to. */
final class CalibrationFileOptions {
  @Option(
      names = "--robot",
      defaultValue = "tabletop",
      description =
          "Robot file, or the name of one that comes with Forearm (default: ${DEFAULT-VALUE}).")
  private String robotName = "tabletop";

  @Option(
      names = {"-o", "--calibration"},
      required = true,
      paramLabel = "FILE",
      description = "This robot's calibration file; what it has of other things stays.")
  private Path file = Path.of("calibration.yaml");

  Robot robot() {
    return House.robot(robotName);
  }

  /** What the file has, or nothing where there is no such file yet. */
  Calibration read() {
    Robot robot = robot();
    return Files.exists(file)
        ? Calibration.read(file, robot.name())
        : Calibration.empty(robot.name(), today());
  }

  /** Writes it whole or not at all; gives what the file then has, hash included. */
  Calibration write(Calibration calibration) {
    try {
      Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), "calibration", ".yaml");
      Files.writeString(beside, calibration.text());
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new LaunchFailure(
          "calibrate: %s cannot be written (%s); name another file with -o".formatted(file, e), e);
    }
    Calibration written = Calibration.read(file, calibration.robot());
    System.out.println("calibration  " + file + "  sha256 " + written.sha256());
    return written;
  }

  static String today() {
    return LocalDate.now(ZoneOffset.UTC).toString();
  }
}
