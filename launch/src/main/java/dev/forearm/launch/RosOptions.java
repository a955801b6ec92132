package dev.forearm.launch;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.transport.TransportOptions;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.clock.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where in ROS 2 a program is, and what it is called there. */
public final class RosOptions {
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

  @Mixin private RosArgumentsOption arguments;

  /** How the transport of a program that is no node is opened. */
  public TransportOptions transport() {
    return transport(NodeName.FOREARM.inNamespace(namespace), arguments.enclave());
  }

  private TransportOptions transport(NodeName node, String enclave) {
    return TransportOptions.ofEnvironment(
        carrier.carrier(), node, enclave, Optional.ofNullable(networkInterface));
  }

  /**
   * Joins ROS 2 as a node.
   *
   * @param name what it is called unless {@code --ros-args} says otherwise
   * @param failures hears of it if it is heard no more
   */
  Node node(String name, Clock clock, FailureHandler failures) {
    return arguments.node(new NodeName(namespace, name), this::transport, clock, failures);
  }
}
