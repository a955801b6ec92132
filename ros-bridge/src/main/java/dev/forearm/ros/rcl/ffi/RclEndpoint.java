package dev.forearm.ros.rcl.ffi;

import dev.forearm.ros.Qos;

/**
 * A publisher or subscription of a topic, anywhere in the ROS graph.
 *
 * @param node full name of its node
 * @param type ROS name of what it speaks, for example {@code sensor_msgs/msg/JointState}
 * @param qos what it offers or asks for; the depth is not known
 */
public record RclEndpoint(String node, String type, Qos qos) {}
