package dev.forearm.runtime.mcap;

/**
 * How messages of a channel are laid out.
 *
 * @param id from 1, unique in its file
 * @param name for ROS 2 the type's full name, {@code sensor_msgs/msg/JointState}
 * @param encoding {@code ros2msg} for concatenated .msg definitions
 * @param text the definition
 */
public record McapSchema(int id, String name, String encoding, String text) {}
