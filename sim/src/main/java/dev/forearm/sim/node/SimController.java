package dev.forearm.sim.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.scene.Tabletop;
import java.util.List;
import java.util.Optional;

/**
 * A controller of some of the simulated joints, by its topics.
 *
 * @param joints names, in the order of its commands
 * @param states where it publishes their states
 * @param commands where it takes commands; the newest counts, whichever way it came
 * @param robot whose kinematics a servo before it goes by, where it takes twists
 */
public record SimController(
    List<String> joints, String states, List<CommandRoute> commands, Optional<Robot> robot) {
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

  /** Takes no twists. */
  public SimController(List<String> joints, String states, List<CommandRoute> commands) {
    this(joints, states, commands, Optional.empty());
  }

  /** The controllers that a robot file's joint groups speak to. */
  public static List<SimController> of(Robot robot) {
    return robot.groups().stream().map(group -> of(robot, group)).toList();
  }

  static SimController of(Robot robot, JointGroup group) {
    return new SimController(
        group.joints(), group.states(), List.of(group.command()), Optional.of(robot));
  }

  /** Where what is commanded comes in. */
  Inbox inbox(RosTransport transport) {
    return robot.isPresent() && commands.getFirst() instanceof CommandRoute.Twist twist
        ? new TwistInbox(transport, robot.get(), joints, twist)
        : new CommandInbox(transport, this);
  }
}
