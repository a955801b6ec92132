package dev.forearm.ros;

import java.util.List;

/**
 * A ROS message type, as generated from its definition.
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
   * The type of a name, for example {@code geometry_msgs/msg/Wrench} or {@code
   * lifecycle_msgs/srv/GetState_Request}.
   *
   * @throws RosFault if no such type was built in
   */
  public static MessageType named(String name) {
    try {
      return (MessageType) Class.forName(className(name)).getField("TYPE").get(null);
    } catch (ReflectiveOperationException e) {
      throw new RosFault(
          "message type %s: none is built in by that name; add its definition to ros-bridge"
              .formatted(name));
    }
  }

  /** The generated class of a ROS name; of what is none, the name. */
  static String className(String name) {
    String[] part = name.split("/", -1);
    return part.length == 3
        ? "dev.forearm.ros.%s.%s.%s".formatted(part[1], part[0], part[2].replace("_", ""))
        : name;
  }

  @Override
  public String toString() {
    return name;
  }
}
