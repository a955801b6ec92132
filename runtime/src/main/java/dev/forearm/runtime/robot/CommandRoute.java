package dev.forearm.runtime.robot;

import java.util.Optional;

/** How a joint group is commanded. */
public sealed interface CommandRoute {
  /** Name of the ROS 2 topic, or of the action. */
  String topic();

  /** Time from one command to the next, nanoseconds. */
  long periodNanos();

  /** Name under which recordings have the joint positions that were commanded. */
  default String recordedTopic() {
    return topic();
  }

  /** How long joints have to be commanded to rest until their controller has heard of it. */
  default long restNanos() {
    return periodNanos();
  }

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

  /**
   * A geometry_msgs/TwistStamped of the tool, as MoveIt Servo takes it: how the tool was commanded
   * to move since the last one.
   *
   * @param topic where they are sent
   * @param periodNanos from one to the next
   * @param frame along whose axes: the robot's base frame or its tool frame
   * @param scale what 1 stands for; empty: m/s and rad/s are sent
   * @param correction towards where the tool was commanded to be; empty: none
   */
  record Twist(
      String topic,
      long periodNanos,
      String frame,
      Optional<TwistScale> scale,
      Optional<TwistCorrection> correction)
      implements CommandRoute {
    @Override
    public String recordedTopic() {
      return topic + "/joint_positions";
    }

    /** The twist that tells of the last motion is followed by one that tells of none. */
    @Override
    public long restNanos() {
      return 2 * periodNanos;
    }
  }

  /** Goals of an action. A command that is hardly another than the last goal is none. */
  sealed interface Goals extends CommandRoute {
    /** By how much a joint's command has to differ from the last goal, rad or m. */
    double changeMin();
  }

  /**
   * A control_msgs/FollowJointTrajectory of one point, as joint_trajectory_controller takes it;
   * each replaces the one before.
   *
   * @param topic the action
   * @param periodNanos from one goal to the next at least, and from each to the time of its point
   * @param changeMin rad or m
   */
  record TrajectoryGoals(String topic, long periodNanos, double changeMin) implements Goals {}

  /**
   * Goals of a gripper, which take it a while: each where the command came to rest, or where it is
   * after a period without rest. The one before is cancelled first.
   *
   * @param topic the action
   * @param periodNanos for which a command may move before it is a goal
   * @param changeMin rad or m
   * @param effortMax with which it may grip, Nm or N
   * @param type of the action
   */
  record GripperGoals(
      String topic, long periodNanos, double changeMin, double effortMax, GripperAction type)
      implements Goals {}

  /** What grippers understand. */
  enum GripperAction {
    /** control_msgs/GripperCommand. */
    COMMAND,
    /** control_msgs/ParallelGripperCommand. */
    PARALLEL
  }
}
