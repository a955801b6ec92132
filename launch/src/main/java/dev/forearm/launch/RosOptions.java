package dev.forearm.launch;

import dev.forearm.ros.transport.TransportOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where in ROS 2 a runtime is. */
public final class RosOptions {
  @Option(
      names = "--interface",
      description = "Network interface for DDS (default: as ROS 2 and CYCLONEDDS_URI say).")
  private @Nullable String networkInterface;

  @Option(
      names = "--namespace",
      defaultValue = "/",
      description = "Where the robot file's relative topic names live (default: ${DEFAULT-VALUE}).")
  private String namespace;

  /** How the transport is opened, as the environment and these say. */
  public TransportOptions transport() {
    return TransportOptions.ofEnvironment(namespace, Optional.ofNullable(networkInterface));
  }
}
