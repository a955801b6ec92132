package dev.forearm.ros.robot;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.msg.control_msgs.GripperCommand;
import dev.forearm.ros.msg.geometry_msgs.TwistStamped;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.trajectory_msgs.JointTrajectory;
import dev.forearm.runtime.robot.CommandRoute;

/** The messages of joint groups' commands. */
public final class CommandMessages {
  private CommandMessages() {}

  /** What commands on a route travel in; those of an action, what they are recorded in. */
  public static MessageType type(CommandRoute route) {
    return route instanceof CommandRoute.Twist ? TwistStamped.TYPE : recorded(route);
  }

  /** What commands on a route are recorded in, under its {@link CommandRoute#recordedTopic}. */
  public static MessageType recorded(CommandRoute route) {
    return switch (route) {
      case CommandRoute.Positions _, CommandRoute.Twist _ -> Float64MultiArray.TYPE;
      case CommandRoute.Trajectory _, CommandRoute.TrajectoryGoals _ -> JointTrajectory.TYPE;
      case CommandRoute.GripperGoals goals ->
          switch (goals.type()) {
            case COMMAND -> GripperCommand.TYPE;
            case PARALLEL -> JointState.TYPE;
          };
    };
  }
}
