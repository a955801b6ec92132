package dev.forearm.runtime.policy;

/**
 * One named group of values in an observation.
 *
 * @param name unique within its policy, for example {@code red_cube}
 * @param source where the values come from: {@code joint_position}, {@code joint_velocity} (joints
 *     in command order), {@code tool_position} (x y z), {@code tool_rotation} (first two columns of
 *     the rotation matrix), {@code object_position:NAME} (x y z), {@code object_rotation:NAME}
 *     (first two columns); lengths in metres, poses in the robot's base frame
 * @param size number of values
 * @param unit for people and for the check against the robot: {@code rad}, {@code m}, {@code
 *     rad/s}, {@code 1}, or {@code mixed} for joint vectors that include a gripper
 */
public record Feature(String name, String source, int size, String unit) {}
