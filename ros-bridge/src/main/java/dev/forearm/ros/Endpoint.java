package dev.forearm.ros;

/**
 * Somebody's publication or subscription, as the transport came to know of it.
 *
 * @param role which of the two
 * @param node full name of its node, or what else can be said of who is no node; empty where the
 *     transport does not know
 * @param topic resolved ROS name
 * @param type for example {@code sensor_msgs/msg/JointState}
 * @param reliability offered or asked for
 * @param durability offered or asked for
 */
public record Endpoint(
    Role role,
    String node,
    String topic,
    String type,
    Qos.Reliability reliability,
    Qos.Durability durability) {
  /** In place of a node's name. */
  public static final String NO_NODE = "a program that is no ROS node";

  /** What an endpoint does. */
  public enum Role {
    PUBLISHER,
    SUBSCRIBER
  }
}
