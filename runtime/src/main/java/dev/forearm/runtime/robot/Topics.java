package dev.forearm.runtime.robot;

import java.util.List;

/**
 * The robot's ROS 2 topics.
 *
 * @param jointStates sensor_msgs/JointState in
 * @param commands std_msgs/Float64MultiArray out, positions in command order
 * @param jointTrajectory trajectory_msgs/JointTrajectory out
 * @param commandForm which of the two the runtime sends
 * @param objects geometry_msgs/PoseArray in, base frame
 * @param objectNames std_msgs/String in, comma separated, in the order of {@code objects}
 * @param images sensor_msgs/Image in, recorded
 */
public record Topics(
    String jointStates,
    String commands,
    String jointTrajectory,
    CommandForm commandForm,
    String objects,
    String objectNames,
    List<String> images) {
  public Topics {
    images = List.copyOf(images);
  }

  /** How commands are written. */
  public enum CommandForm {
    /** Float64MultiArray, as forward_command_controller takes it. */
    POSITIONS,
    /** JointTrajectory with one point, as joint_trajectory_controller takes it. */
    TRAJECTORY
  }
}
