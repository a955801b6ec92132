package dev.forearm.ros.dds.ffi;

import dev.forearm.ros.MessageType;

/** ROS names as they travel over DDS. */
public final class DdsNames {
  /** Where participants tell which nodes they have. */
  public static final String DISCOVERY = "ros_discovery_info";

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

  /** The DDS topic of an absolute ROS service's requests: {@code rq/forearm/get_stateRequest}. */
  public static String requests(String absolute) {
    return "rq" + absolute + "Request";
  }

  /** The DDS topic of an absolute ROS service's answers: {@code rr/forearm/get_stateReply}. */
  public static String replies(String absolute) {
    return "rr" + absolute + "Reply";
  }

  /** The DDS type of a ROS type, for example {@code sensor_msgs::msg::dds_::JointState_}. */
  public static String type(MessageType type) {
    int name = type.name().lastIndexOf('/');
    return "%s::dds_::%s_"
        .formatted(
            type.name().substring(0, name).replace("/", "::"), type.name().substring(name + 1));
  }

  /** The ROS type of a DDS type; of one that is no ROS type, itself. */
  public static String rosType(String ddsType) {
    return ddsType.endsWith("_")
        ? ddsType.substring(0, ddsType.length() - 1).replace("::dds_::", "/").replace("::", "/")
        : ddsType;
  }
}
