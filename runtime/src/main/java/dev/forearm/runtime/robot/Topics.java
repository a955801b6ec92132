package dev.forearm.runtime.robot;

import java.util.List;
import java.util.stream.Stream;

/**
 * The ROS 2 topics around the robot; those of its joints are in its {@link JointGroup}s.
 *
 * @param objects geometry_msgs/PoseArray in; in the base frame, or with {@code transforms} in any
 * @param objectNames std_msgs/String in, separated by commas or spaces, in the order of {@code
 *     objects}
 * @param images cameras in, recorded: sensor_msgs/CompressedImage where the name ends in {@code
 *     /compressed}, otherwise sensor_msgs/Image
 * @param depthImages depth cameras in, recorded: sensor_msgs/CompressedImage where the name ends in
 *     {@code /compressedDepth}, otherwise sensor_msgs/Image
 * @param transforms whether {@code /tf} and {@code /tf_static} are listened to, and recorded
 * @param recorded what else is recorded as it comes, for whoever looks at the episode later
 */
public record Topics(
    String objects,
    String objectNames,
    List<String> images,
    List<String> depthImages,
    boolean transforms,
    List<Recorded> recorded) {
  /**
   * A topic that is recorded and not looked at.
   *
   * @param topic where it comes from
   * @param type of its messages, for example {@code sensor_msgs/msg/PointCloud2}
   */
  public record Recorded(String topic, String type) {}

  public Topics {
    images = List.copyOf(images);
    depthImages = List.copyOf(depthImages);
    recorded = List.copyOf(recorded);
  }

  /** Everything that has pictures: images, then depth images. */
  public List<String> cameras() {
    return Stream.concat(images.stream(), depthImages.stream()).toList();
  }

  /** Of what the runtime itself looks at, in the base frame. */
  public Topics(String objects, String objectNames, List<String> images) {
    this(objects, objectNames, images, List.of(), false, List.of());
  }
}
