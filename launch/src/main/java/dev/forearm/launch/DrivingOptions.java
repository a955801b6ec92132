package dev.forearm.launch;

import dev.forearm.launch.session.Mind;
import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/**
 * How a robot drives, whichever policy it has: what {@code run} goes by, {@code evaluate} counts
 * and {@code promote} compares.
 */
public final class DrivingOptions {
  @Mixin private ActuatorOptions actuators;
  @Mixin private SkipStepsOption skipSteps;
  @Mixin private RegraspOption regrasp;

  /** The robot, with what was asked for. */
  public Robot of(Robot robot) {
    return skipSteps.of(robot);
  }

  /**
   * The mind, driving as was asked for. It takes this one's place.
   *
   * @throws LaunchFailure if grasps are to be aimed and it does not see or command what that takes
   * @throws dev.forearm.runtime.RuntimeFault if the servos' file is missing, damaged or another
   *     robot's
   */
  public Mind of(Mind mind, Robot robot) {
    return regrasp.of(actuators.adapted(mind, robot), robot);
  }

  /** The same for the command line of another process. */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    actuators.file().ifPresent(file -> arguments.add("--actuators=" + file));
    skipSteps.steps().ifPresent(steps -> arguments.add("--skip-steps=" + steps));
    if (regrasp.asked()) {
      arguments.add("--regrasp");
    }
    return arguments;
  }
}
