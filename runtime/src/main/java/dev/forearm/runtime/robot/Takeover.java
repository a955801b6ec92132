package dev.forearm.runtime.robot;

/**
 * How a person may take the arm over from its policy, by topic.
 *
 * @param person who, or with which device; for recordings
 * @param jointTargets sensor_msgs/JointState in: positions to go to, by name
 * @param twist geometry_msgs/TwistStamped in: velocity of the tool
 * @param twistFrame of a twist that names none: the robot's base or tool frame
 * @param linearMax greatest speed of the tool that a twist may ask for, m/s
 * @param angularMax greatest turning speed of the tool, rad/s
 * @param speedShare of each joint's velocity limit that a person may ask for, above 0 and at most 1
 * @param timeoutNanos without a message for longer than this the arm holds
 */
public record Takeover(
    String person,
    String jointTargets,
    String twist,
    String twistFrame,
    double linearMax,
    double angularMax,
    double speedShare,
    long timeoutNanos) {
  public Takeover {
    if (!(linearMax > 0) || !(angularMax > 0) || timeoutNanos <= 0) {
      throw new IllegalArgumentException(
          "takeover: linear_max %s, angular_max %s and timeout_ms must be positive"
              .formatted(linearMax, angularMax));
    }
    if (!(speedShare > 0 && speedShare <= 1)) {
      throw new IllegalArgumentException(
          "takeover: speed_share is %s, wanted above 0 and at most 1".formatted(speedShare));
    }
    if (jointTargets.equals(twist)) {
      throw new IllegalArgumentException(
          "takeover: joint_targets and twist are both %s, wanted a topic each".formatted(twist));
    }
  }
}
