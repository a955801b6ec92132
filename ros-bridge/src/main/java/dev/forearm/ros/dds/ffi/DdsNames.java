package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.MessageType;

/** ROS names as they travel over DDS. */
public final class DdsNames {
  private static final String TOPIC = "rt";

  private DdsNames() {}

  /** The DDS topic of an absolute ROS topic: {@code /joint_states} travels as rt/joint_states. */
  public static String topic(String absolute) {
    return TOPIC + absolute;
  }

  /** Whether a DDS topic carries a ROS topic. */
  public static boolean isTopic(String dds) {
    return dds.startsWith(TOPIC + "/");
  }

  /** The absolute ROS topic that a DDS topic carries. */
  public static String rosTopic(String dds) {
    return dds.substring(TOPIC.length());
  }

  /** The DDS type of a ROS type, for example {@code sensor_msgs::msg::dds_::JointState_}. */
  public static String type(MessageType type) {
    return type.name().replace("/msg/", "::msg::dds_::") + "_";
  }

  /** The ROS type of a DDS type; of one that is no ROS type, itself. */
  public static String rosType(String ddsType) {
    return ddsType.endsWith("_")
        ? ddsType.substring(0, ddsType.length() - 1).replace("::dds_::", "/").replace("::", "/")
        : ddsType;
  }
}
