package dev.forearm.runtime.robot;

import java.util.List;

/**
 * Joints that one controller of the robot drives: an arm, a gripper, one of two arms.
 *
 * @param name for people
 * @param joints names in the order of the controller's commands
 * @param states topic of their sensor_msgs/JointState; groups may share it
 * @param command where their commands go
 */
public record JointGroup(String name, List<String> joints, String states, CommandRoute command) {
  public JointGroup {
    joints = List.copyOf(joints);
    if (joints.isEmpty()) {
      throw new IllegalArgumentException("joint group '%s' has no joints".formatted(name));
    }
  }
}
