package dev.forearm.ros.tf;

import dev.forearm.ros.Qos;

/** Where ROS 2 tells of frames, both tf2_msgs/msg/TFMessage, and how it listens. */
public final class TransformTopics {
  public static final String MOVING = "/tf";
  public static final String STATIC = "/tf_static";

  public static final Qos MOVING_QOS =
      new Qos(Qos.Reliability.RELIABLE, Qos.Durability.VOLATILE, 100);

  /** Of as many publishers as there are. */
  public static final Qos STATIC_QOS =
      new Qos(Qos.Reliability.RELIABLE, Qos.Durability.TRANSIENT_LOCAL, 100);

  private TransformTopics() {}
}
