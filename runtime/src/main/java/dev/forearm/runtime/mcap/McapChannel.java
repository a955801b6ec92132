package dev.forearm.runtime.mcap;

import java.util.Map;

/**
 * One recorded topic.
 *
 * @param id unique in its file
 * @param schema layout of its messages
 * @param topic topic name
 * @param messageEncoding {@code cdr} for ROS 2
 * @param metadata free text; rosbag2 keeps QoS and the type hash here
 */
public record McapChannel(
    int id, McapSchema schema, String topic, String messageEncoding, Map<String, String> metadata) {
  public McapChannel {
    metadata = Map.copyOf(metadata);
  }
}
