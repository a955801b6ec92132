package dev.forearm.launch.swap;

import dev.forearm.launch.session.Mind;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.runtime.inference.InstalledPolicy;

/** A version of the shelf, loaded for the robot. The swap agent's thread. */
final class Seat implements AutoCloseable {
  final ShelfVersion version;
  final Mind mind;
  final InstalledPolicy installed;

  /** Whether the policy loop will not call it again, until it is installed anew. */
  boolean handedBack;

  Seat(ShelfVersion version, Mind mind, InstalledPolicy installed) {
    this.version = version;
    this.mind = mind;
    this.installed = installed;
  }

  @Override
  public void close() {
    mind.close();
  }
}
