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

  /**
   * The type of a name, for example {@code geometry_msgs/msg/Wrench}.
   *
   * @throws RosFault if no such type was built in
   */
  public static MessageType named(String name) {
    String type = "dev.forearm.ros.msg." + name.replace("/msg/", ".");
    try {
      return (MessageType) Class.forName(type).getField("TYPE").get(null);
    } catch (ReflectiveOperationException e) {
      throw new RosFault(
          "message type %s: none is built in by that name; add its definition to ros-bridge"
              .formatted(name));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
