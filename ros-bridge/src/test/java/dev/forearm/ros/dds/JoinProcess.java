package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.clock.MonotonicClock;

/** A second process: joins a domain as its environment says, and tells how that went. */
final class JoinProcess {
  private JoinProcess() {}

  public static void main(String[] arguments) {
    DdsOptions options = DdsOptions.fromEnvironment();
    try (CycloneTransport transport = new CycloneTransport(options, new MonotonicClock())) {
      System.out.println("joined: " + transport.description());
    } catch (RosFault fault) {
      System.out.println("fault: " + fault.getMessage());
    }
  }
}
