package dev.forearm.ros.fuzz;

import dev.forearm.ros.dds.HostileDiscovery;

/**
 * What others say of themselves while they are discovered: announcements of nodes, names of topics
 * and types, user data, in any order.
 */
public final class DiscoveryFuzz {
  private DiscoveryFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    HostileDiscovery.play(new Hostile(input));
  }
}
