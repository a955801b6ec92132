package dev.forearm.launch;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.transport.TransportOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where in ROS 2 a runtime is. */
final class RosOptions {
  @Mixin private CarrierOption carrier;

  @Option(
      names = "--interface",
      description = "Network interface (default: as ROS 2 and CYCLONEDDS_URI say).")
  private @Nullable String networkInterface;

  @Option(
      names = "--namespace",
      defaultValue = "/",
      description = "Where the robot file's relative topic names live (default: ${DEFAULT-VALUE}).")
  private String namespace;

  /** How the transport is opened, as the environment and these say. */
  TransportOptions transport() {
    return TransportOptions.ofEnvironment(
        carrier.carrier(),
        NodeName.FOREARM.inNamespace(namespace),
        Optional.ofNullable(networkInterface));
  }
}
