package dev.forearm.ros.transport;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.clock.Clock;
import java.util.Optional;

/** Which way topics are carried, and where. Immutable. */
public sealed interface TransportOptions {
  /**
   * Cyclone DDS.
   *
   * @param options which domain, and how
   */
  record Dds(DdsOptions options) implements TransportOptions {}

  /** Inside this process, on the publishing thread. */
  record InProcess() implements TransportOptions {}

  /**
   * As ROS 2 reads its environment: ROS_DOMAIN_ID, and the two ways of staying on this machine.
   *
   * @param node how the process shows itself; relative topic names live in its namespace
   * @param networkInterface the one to use; empty: as the environment says
   * @throws RosFault if the environment is no such thing
   */
  static TransportOptions ofEnvironment(NodeName node, Optional<String> networkInterface) {
    DdsOptions options = DdsOptions.fromEnvironment().withNode(node);
    return new Dds(networkInterface.map(options::withNetworkInterface).orElse(options));
  }

  /** On this machine alone, in a ROS domain. */
  static TransportOptions onThisMachine(int domain, NodeName node) {
    return new Dds(DdsOptions.loopback(domain).withNode(node));
  }

  /**
   * Opens the transport; the caller closes it.
   *
   * @param clock stamps arrivals
   * @param failures hears of it if its topics are heard no more
   * @throws RosFault if there is no such transport here or the domain cannot be joined
   */
  default RosTransport open(Clock clock, FailureHandler failures) {
    return switch (this) {
      case Dds dds -> new CycloneTransport(dds.options(), clock, failures);
      case InProcess _ -> new InProcessTransport(clock);
    };
  }
}
