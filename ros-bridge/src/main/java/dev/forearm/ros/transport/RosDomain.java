package dev.forearm.ros.transport;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;

/** Chooses the ROS domain of a program that brings its own robot, so that it disturbs no other. */
public final class RosDomain {
  private RosDomain() {}

  /**
   * The domain that the environment names, or a free one.
   *
   * @throws RosFault if it names none that there is, or no free one is found
   */
  public static int givenOrFree() {
    String given = System.getenv("ROS_DOMAIN_ID");
    return given == null || given.isBlank()
        ? FreeDomain.take()
        : DdsOptions.fromEnvironment().domain();
  }
}
