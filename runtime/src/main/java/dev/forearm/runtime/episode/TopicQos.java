package dev.forearm.runtime.episode;

/**
 * The quality of service a topic was offered with, so that playback offers the same.
 *
 * @param reliable reliable, or best effort
 * @param transientLocal whether late subscribers get the last messages
 * @param depth messages kept (keep last)
 */
public record TopicQos(boolean reliable, boolean transientLocal, int depth) {
  /**
   * The {@code offered_qos_profiles} of rosbag2's MCAP channels: policies as numbers, which every
   * ROS 2 release since Humble reads; durations are RMW_DURATION_INFINITE (rmw/types.h).
   */
  String offeredProfiles() {
    String infinite = "\n    sec: 9223372036\n    nsec: 854775807\n";
    return "- history: 1\n"
        + ("  depth: " + depth + "\n")
        + ("  reliability: " + (reliable ? 1 : 2) + "\n")
        + ("  durability: " + (transientLocal ? 1 : 2) + "\n")
        + ("  deadline:" + infinite)
        + ("  lifespan:" + infinite)
        + "  liveliness: 1\n"
        + ("  liveliness_lease_duration:" + infinite)
        + "  avoid_ros_namespace_conventions: false\n";
  }
}
