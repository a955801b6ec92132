package dev.forearm.launch;

import dev.forearm.runtime.robot.ForesightResponse;
import dev.forearm.runtime.robot.Robot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a chunk may go on while foresight is good. */
public final class SkipStepsOption {
  @Option(
      names = "--skip-steps",
      paramLabel = "N",
      description = {
        "With limits: go on for up to so many policy steps without a new plan, while what was",
        "imagined comes about (default: as the robot file says)."
      })
  private @Nullable Integer steps;

  /**
   * The robot, with what was asked for.
   *
   * @throws LaunchFailure if its file says nothing of foresight, or a chunk is no longer than that
   */
  public Robot of(Robot robot) {
    if (steps == null) {
      return robot;
    }
    ForesightResponse response =
        robot
            .foresight()
            .orElseThrow(() ->
                new LaunchFailure(
                    "--skip-steps %s: robot '%s' has no section 'foresight'; add one"
                        .formatted(steps, robot.name())));
    try {
      return robot.responding(Optional.of(response.skipping(steps)));
    } catch (IllegalArgumentException e) {
      throw new LaunchFailure(String.valueOf(e.getMessage()), e);
    }
  }

  Optional<Integer> steps() {
    return Optional.ofNullable(steps);
  }
}
