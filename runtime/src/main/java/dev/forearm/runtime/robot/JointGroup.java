package dev.forearm.runtime.robot;

import java.util.List;
import java.util.Optional;

/**
 * Joints that one controller of the robot drives: an arm, a gripper, one of two arms.
 *
 * @param name for people
 * @param joints names in the order of the controller's commands
 * @param states topic of their sensor_msgs/JointState; groups may share it
 * @param statesNanos from one of them to the next, where the driver has them at a rate of their own
 * @param command where their commands go
 * @param controller of ros2_control that has to be active for that; empty: nobody asks
 */
public record JointGroup(
    String name,
    List<String> joints,
    String states,
    Optional<Long> statesNanos,
    CommandRoute command,
    Optional<String> controller) {
  public JointGroup {
    joints = List.copyOf(joints);
    if (joints.isEmpty()) {
      throw new IllegalArgumentException("joint group '%s' has no joints".formatted(name));
    }
    if (command instanceof CommandRoute.GripperGoals && joints.size() > 1) {
      throw new IllegalArgumentException(
          "joint group '%s': a gripper's goals are of one joint, found %s; leave out those that follow it"
              .formatted(name, joints));
    }
  }

  /** One whose states come as others do, and of whose controller nobody asks. */
  public JointGroup(String name, List<String> joints, String states, CommandRoute command) {
    this(name, joints, states, Optional.empty(), command, Optional.empty());
  }
}
