package dev.forearm.sim.node;

import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.sim.scene.Tabletop;
import java.util.List;

/**
 * A controller of some of the simulated joints, by its topics.
 *
 * @param joints names, in the order of its commands
 * @param states where it publishes their states
 * @param commands where it takes commands; the newest counts, whichever way it came
 */
public record SimController(List<String> joints, String states, List<CommandRoute> commands) {
  /** Takes both forms of command for all joints. */
  public static final SimController WHOLE_ARM =
      new SimController(
          Tabletop.JOINTS,
          SimTopics.JOINT_STATES,
          List.of(
              new CommandRoute.Positions(SimTopics.COMMANDS, Tabletop.STEP_NANOS),
              new CommandRoute.Trajectory(SimTopics.TRAJECTORY, Tabletop.STEP_NANOS)));

  public SimController {
    joints = List.copyOf(joints);
    commands = List.copyOf(commands);
  }

  /** The controller that a robot file's joint group speaks to. */
  public static SimController of(JointGroup group) {
    return new SimController(group.joints(), group.states(), List.of(group.command()));
  }
}
