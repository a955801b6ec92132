package dev.forearm.launch;

import dev.forearm.launch.session.Mind;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is known of the servos of the robot at work. */
public final class ActuatorOptions {
  @Option(
      names = "--actuators",
      paramLabel = "FILE",
      description = {
        "What 'calibrate actuators' found: what the policy wants becomes the command that brings it",
        "about on this robot's servos."
      })
  private @Nullable Path file;

  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * The mind, adapted if that was asked for.
   *
   * @throws dev.forearm.runtime.RuntimeFault if the file is missing, damaged or another robot's
   */
  public Mind adapted(Mind mind, Robot robot) {
    if (file == null) {
      return mind;
    }
    try {
      return mind.adapted(ActuatorCalibration.read(file), robot);
    } catch (RuntimeException e) {
      mind.close();
      throw e;
    }
  }
}
