package dev.forearm.ros.rcl;

import dev.forearm.ros.ServiceServer;

/** Of a type that the sourced ROS 2 does not know, so that nobody there could ask. */
record SilentServer(String service) implements ServiceServer {
  @Override
  public long received() {
    return 0;
  }

  @Override
  public long refused() {
    return 0;
  }

  @Override
  public void close() {}
}
