package dev.forearm.ros.transport;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.DdsPorts;
import java.util.random.RandomGenerator;

/** Finds a ROS domain that nobody on this machine uses, so that a demo disturbs no robot. */
public final class RosDomain {
  private static final int FIRST = 1; // 0 is what everybody uses
  private static final int LAST = 100; // above, ports meet those the kernel gives to clients
  private static final int ATTEMPTS = 50;

  private RosDomain() {}

  /**
   * The domain that the environment names, or a free one.
   *
   * @throws RosFault if it names none that there is, or if no free one is found in fifty tries
   */
  public static int givenOrFree(RandomGenerator random) {
    String given = System.getenv("ROS_DOMAIN_ID");
    return given == null || given.isBlank() ? free(random) : DdsOptions.fromEnvironment().domain();
  }

  private static int free(RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int domain = random.nextInt(FIRST, LAST + 1);
      if (DdsPorts.isFree(domain)) {
        return domain;
      }
    }
    throw new RosFault(
        "%d ROS domains tried and all are in use on this machine; set ROS_DOMAIN_ID to one that is yours"
            .formatted(ATTEMPTS));
  }
}
