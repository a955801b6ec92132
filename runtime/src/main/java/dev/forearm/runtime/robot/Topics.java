package dev.forearm.runtime.robot;

import java.util.List;

/**
 * The ROS 2 topics around the robot; those of its joints are in its {@link JointGroup}s.
 *
 * @param objects geometry_msgs/PoseArray in, base frame
 * @param objectNames std_msgs/String in, separated by commas or spaces, in the order of {@code
 *     objects}
 * @param images cameras in, recorded: sensor_msgs/CompressedImage where the name ends in {@code
 *     /compressed}, otherwise sensor_msgs/Image
 */
public record Topics(String objects, String objectNames, List<String> images) {
  public Topics {
    images = List.copyOf(images);
  }
}
