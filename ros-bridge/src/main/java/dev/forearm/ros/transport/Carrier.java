package dev.forearm.ros.transport;

import dev.forearm.ros.rcl.ffi.RosInstallation;

/** What carries topics, as an operator chooses it. */
public enum Carrier {
  /** rcl where a ROS 2 is sourced, Cyclone DDS otherwise. */
  AUTO,
  /** Cyclone DDS, which needs no ROS 2. */
  DDS,
  /** rcl of the ROS 2 that is sourced, and the middleware that it uses. */
  RCL,
  /** rcljava of a ROS 2 workspace, topics alone, where a {@link TransportProvider} is there. */
  RCLJAVA;

  /** Itself, or what AUTO comes to in this process's environment. */
  public Carrier here() {
    return switch (this) {
      case DDS, RCL, RCLJAVA -> this;
      case AUTO -> RosInstallation.sourced().isPresent() ? RCL : DDS;
    };
  }
}
