package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;

/** A second process: joins a domain as its environment says, and tells how that went. */
final class JoinProcess {
  private JoinProcess() {}

  public static void main(String[] arguments) {
    DdsOptions options = DdsOptions.fromEnvironment();
    try (CycloneTransport transport = Peers.join(options)) {
      System.out.println("joined: " + transport.description());
    } catch (RosFault fault) {
      System.out.println("fault: " + fault.getMessage());
    }
  }
}
