package dev.forearm.launch.demo;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.ros.dds.DdsPorts;
import java.util.random.RandomGenerator;

/** Finds a ROS domain that nobody on this machine uses, so that a demo disturbs no robot. */
final class FreeDomain {
  private static final int FIRST = 1; // 0 is what everybody uses
  private static final int LAST = 100; // above, ports meet those the kernel gives to clients
  private static final int ATTEMPTS = 50;

  private FreeDomain() {}

  /**
   * Picks a domain.
   *
   * @throws LaunchFailure if none is found in fifty tries
   */
  static int pick(RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int domain = random.nextInt(FIRST, LAST + 1);
      if (DdsPorts.isFree(domain)) {
        return domain;
      }
    }
    throw new LaunchFailure(
        "%s ROS domains tried and all are in use on this machine; set ROS_DOMAIN_ID to one that is yours"
            .formatted(ATTEMPTS));
  }
}
