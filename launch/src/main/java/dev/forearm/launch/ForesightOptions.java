package dev.forearm.launch;

import dev.forearm.launch.session.Mind;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.ForesightFile;
import dev.forearm.runtime.robot.ForesightResponse;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By which limits foresight is judged, and how long a chunk may go on while it is good. */
public final class ForesightOptions {
  @Option(
      names = "--foresight",
      paramLabel = "FILE",
      description = "Limits from 'foresight calibrate', in the place of the bundle's.")
  private @Nullable Path file;

  @Option(
      names = "--skip-steps",
      paramLabel = "N",
      description = {
        "With limits: go on for up to so many policy steps without a new plan, while what was",
        "imagined comes about (default: as the robot file says)."
      })
  private @Nullable Integer skipSteps;

  /** The robot, with what was asked for. */
  public Robot of(Robot robot) {
    if (skipSteps == null) {
      return robot;
    }
    ForesightResponse response =
        robot
            .foresight()
            .orElseThrow(() ->
                new LaunchFailure(
                    "--skip-steps %s: robot '%s' has no section 'foresight'; add one"
                        .formatted(skipSteps, robot.name())));
    try {
      return robot.responding(Optional.of(response.skipping(skipSteps)));
    } catch (IllegalArgumentException e) {
      throw new LaunchFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The mind with the limits that were asked for. It takes this one's place.
   *
   * @throws LaunchFailure if it is no bundle's
   * @throws dev.forearm.runtime.RuntimeFault if the file is not the bundle's
   */
  public Mind of(Mind mind) {
    if (file == null) {
      return mind;
    }
    try {
      Bundle bundle =
          mind.bundle()
              .orElseThrow(() ->
                  new LaunchFailure(
                      "--foresight %s: '%s' is no bundle and has no foresight; leave it out"
                          .formatted(file, mind.name())));
      return mind.foreseeing(Optional.of(ForesightFile.read(file, bundle)));
    } catch (RuntimeException e) {
      mind.close();
      throw e;
    }
  }
}
