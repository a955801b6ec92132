package dev.forearm.ros.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.forearm.ros.dds.HostileDiscovery;
import org.slf4j.LoggerFactory;

/**
 * What others say of themselves while they are discovered: announcements of nodes, names of topics
 * and types, user data, in any order.
 */
public final class DiscoveryFuzz {
  private DiscoveryFuzz() {}

  /** What it would say of each input fills disks. Called by the fuzzer alone. */
  public static void fuzzerInitialize() {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    HostileDiscovery.play(new Hostile(input));
  }
}
