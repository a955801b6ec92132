package dev.forearm.launch;

import dev.forearm.ros.transport.Carrier;
import picocli.CommandLine.Option;

/** What carries topics. */
final class CarrierOption {
  @Option(
      names = "--transport",
      defaultValue = "auto",
      description =
          "rcl (of the ROS 2 that is sourced), dds (Cyclone DDS), rcljava (where it was built), or"
              + " auto: rcl where a ROS 2 is sourced (default: ${DEFAULT-VALUE}).")
  private Carrier carrier;

  Carrier carrier() {
    return carrier;
  }
}
