package dev.forearm.runtime.episode;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One recorded topic; its messages are CDR with the encapsulation header, as they travel.
 *
 * @param topic with its leading slash, {@code /joint_states}
 * @param type full ROS name, {@code sensor_msgs/msg/JointState}
 * @param definition the .msg text, followed by those of the types it uses, each behind a line of 80
 *     {@code =} and a line {@code MSG: pkg/Type} ({@code ros2msg} schema encoding)
 * @param typeHash {@code RIHS01_...}, or empty
 * @param qos what it was offered with
 */
public record Channel(String topic, String type, String definition, String typeHash, TopicQos qos) {
  public Channel {
    if (!topic.startsWith("/")) {
      throw new IllegalArgumentException(
          "recorded topic '%s' does not start with /; give the full name".formatted(topic));
    }
    if (!type.matches("\\w+/msg/\\w+")) {
      throw new IllegalArgumentException(
          "recorded topic '%s': type is '%s', wanted the form pkg/msg/Type".formatted(topic, type));
    }
  }

  /** What rosbag2 keeps with a channel. */
  Map<String, String> metadata() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("offered_qos_profiles", qos.offeredProfiles());
    if (!typeHash.isEmpty()) {
      values.put("topic_type_hash", typeHash);
    }
    return values;
  }
}
