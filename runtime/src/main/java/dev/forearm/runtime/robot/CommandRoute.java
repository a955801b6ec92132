package dev.forearm.runtime.robot;

/** How a joint group is commanded. */
public sealed interface CommandRoute {
  /** Name of the ROS 2 topic. */
  String topic();

  /** Time from one command to the next, nanoseconds. */
  long periodNanos();

  /**
   * A std_msgs/Float64MultiArray of positions, as forward_command_controller takes it.
   *
   * @param topic where they are sent
   * @param periodNanos from one to the next
   */
  record Positions(String topic, long periodNanos) implements CommandRoute {}

  /**
   * A trajectory_msgs/JointTrajectory of one point, as joint_trajectory_controller takes it.
   *
   * @param topic where they are sent
   * @param periodNanos from one to the next, and from each to the time of its point
   */
  record Trajectory(String topic, long periodNanos) implements CommandRoute {}
}
