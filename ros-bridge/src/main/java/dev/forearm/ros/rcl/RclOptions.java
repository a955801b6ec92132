package dev.forearm.ros.rcl;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.security.Enclave;
import java.util.OptionalInt;

/**
 * Which node to be, and where; the rest rcl reads from the environment.
 *
 * @param node its name; relative topic names live in its namespace
 * @param domain ROS domain id; empty: as {@code ROS_DOMAIN_ID} says
 * @param thisMachineOnly whether to be found on this machine alone; false: as {@code
 *     ROS_AUTOMATIC_DISCOVERY_RANGE} and {@code ROS_LOCALHOST_ONLY} say
 * @param enclave the security enclave that it is in, whose keys rcl looks for as {@code
 *     ROS_SECURITY_*} says
 */
public record RclOptions(
    NodeName node, OptionalInt domain, boolean thisMachineOnly, String enclave) {
  /** DDSI's port mapping (RTPS 2.5, 9.6.2.3) leaves room for no more. */
  private static final int HIGHEST_DOMAIN = 232;

  public RclOptions {
    if (domain.isPresent() && (domain.getAsInt() < 0 || domain.getAsInt() > HIGHEST_DOMAIN)) {
      throw new RosFault(
          "joining ROS domain %s: 0 to %s wanted; set ROS_DOMAIN_ID"
              .formatted(domain.getAsInt(), HIGHEST_DOMAIN));
    }
  }

  /** As the environment says. */
  public static RclOptions of(NodeName node) {
    return new RclOptions(node, OptionalInt.empty(), false, Enclave.ROOT);
  }

  /** On this machine alone, in a ROS domain, for a test. */
  public static RclOptions loopback(NodeName node, int domain) {
    return new RclOptions(node, OptionalInt.of(domain), true, Enclave.ROOT);
  }
}
