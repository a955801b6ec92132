package dev.forearm.ros.rcl.ffi;

import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Qos;

/**
 * A publisher or subscription of a topic, anywhere in the ROS graph.
 *
 * @param node full name of its node, or what else can be said of who is no node; empty while only
 *     its endpoint has been heard of, which a change of the graph will end
 * @param type ROS name of what it speaks, for example {@code sensor_msgs/msg/JointState}
 * @param qos what it offers or asks for; the depth is not known
 */
public record RclEndpoint(String node, String type, Qos qos) {
  /** Full name of a node; rmw_dds_common has words of its own for who has none. */
  static String nodeOf(String namespace, String name) {
    return switch (name) {
      case "_NODE_NAME_UNKNOWN_" -> "";
      case "_CREATED_BY_BARE_DDS_APP_" -> Endpoint.NO_NODE;
      default -> namespace.endsWith("/") ? namespace + name : namespace + "/" + name;
    };
  }
}
