package dev.forearm.ros.robot;

import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.control_msgs.GripperCommand;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.util.List;

/**
 * Encodes one joint group's commands in the form and at the rate that the robot file asks for;
 * those of an action as what a goal would ask for, and those that leave as twists as the positions
 * that they stand for. Owned by one thread; encoding allocates nothing.
 */
public final class CommandEncoder {
  private final CdrWriter writer = new CdrWriter(1024);
  private final CommandRoute route;
  private final int[] places;
  private final double[] positions;
  private final Form form;
  private final CommandPace pace;

  private CommandEncoder(Robot robot, JointGroup group) {
    route = group.command();
    places = robot.places(group);
    positions = new double[places.length];
    long periodNanos = // a gripper's is that of goals; recordings want what policies learn from
        route instanceof CommandRoute.GripperGoals
            ? robot.policyPeriodNanos()
            : route.periodNanos();
    pace = new CommandPace(periodNanos, robot.controlPeriodNanos());
    form =
        switch (route) {
          case CommandRoute.Positions _, CommandRoute.Twist _ -> new Positions();
          case CommandRoute.Trajectory _, CommandRoute.TrajectoryGoals _ -> new Trajectory(group);
          case CommandRoute.GripperGoals goals ->
              switch (goals.type()) {
                case COMMAND -> new Gripper(goals);
                case PARALLEL -> new ParallelGripper(group, goals);
              };
        };
    form.fill(positions).encode(writer); // its buffers grow here, and never in a loop
  }

  /** One for each joint group, in the robot's order. */
  public static List<CommandEncoder> of(Robot robot) {
    return robot.groups().stream().map(group -> new CommandEncoder(robot, group)).toList();
  }

  /** Under which recordings have its commands. */
  public String topic() {
    return route.recordedTopic();
  }

  /**
   * Whether its commands are published as they are; otherwise they are recorded, and {@link
   * CommandGoals} or a {@link TwistPublisher} sends them.
   */
  boolean published() {
    return switch (route) {
      case CommandRoute.Positions _, CommandRoute.Trajectory _ -> true;
      case CommandRoute.Goals _, CommandRoute.Twist _ -> false;
    };
  }

  MessageType type() {
    return CommandMessages.recorded(route);
  }

  /**
   * Whether the group's controller is to be told of the command of this time; asked once for each
   * command.
   */
  boolean takes(long stampNanos) {
    return pace.takes(stampNanos);
  }

  /** The encoded command, valid until the next call. Positions in command order, rad or m. */
  CdrWriter encode(double[] command) {
    message(command).encode(writer);
    return writer;
  }

  /** The command as a message, valid until the next call. Positions in command order, rad or m. */
  public Message message(double[] command) {
    for (int i = 0; i < places.length; i++) {
      positions[i] = command[places[i]];
    }
    return form.fill(positions);
  }

  private interface Form {
    Message fill(double[] positions);
  }

  /** As forward_command_controller takes it. */
  private static final class Positions implements Form {
    private final Float64MultiArray.Buffer message = new Float64MultiArray.Buffer();

    @Override
    public Message fill(double[] positions) {
      message.data.assign(positions, positions.length);
      return message;
    }
  }

  /**
   * As joint_trajectory_controller takes it: one point, due when the next command is. The stamp
   * stays zero, which means "start at once" whatever the controller's clock says.
   */
  private static final class Trajectory implements Form {
    private final JointTrajectory.Buffer message = new JointTrajectory.Buffer();

    Trajectory(JointGroup group) {
      message.jointNames.assign(group.joints());
      message.points.resize(1);
      RosTime.set(message.points.get(0).timeFromStart, group.command().periodNanos());
    }

    @Override
    public Message fill(double[] positions) {
      message.points.get(0).positions.assign(positions, positions.length);
      return message;
    }
  }

  /** What a goal of control_msgs/GripperCommand has. */
  private static final class Gripper implements Form {
    private final GripperCommand.Buffer message = new GripperCommand.Buffer();

    Gripper(CommandRoute.GripperGoals goals) {
      message.maxEffort = goals.effortMax();
    }

    @Override
    public Message fill(double[] positions) {
      message.position = positions[0];
      return message;
    }
  }

  /** What a goal of control_msgs/ParallelGripperCommand has. */
  private static final class ParallelGripper implements Form {
    private final JointState.Buffer message = new JointState.Buffer();

    ParallelGripper(JointGroup group, CommandRoute.GripperGoals goals) {
      message.name.assign(group.joints());
      message.effort.assign(new double[] {goals.effortMax()}, 1);
    }

    @Override
    public Message fill(double[] positions) {
      message.position.assign(positions, positions.length);
      return message;
    }
  }
}
