package dev.forearm.ros;

import java.util.List;

/**
 * A ROS message type, as generated from its {@code .msg} definition.
 *
 * @param name ROS name, for example {@code sensor_msgs/msg/JointState}
 * @param hash REP-2011 type hash, {@code RIHS01_} and 64 hexadecimal digits
 * @param definition the definition and, concatenated as in a bag, those it depends on (schema
 *     encoding {@code ros2msg})
 * @param fields in order
 */
public record MessageType(String name, String hash, String definition, List<MessageField> fields) {
  public MessageType {
    fields = List.copyOf(fields);
  }

  @Override
  public String toString() {
    return name;
  }
}
