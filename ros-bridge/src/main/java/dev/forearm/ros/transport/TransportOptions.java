package dev.forearm.ros.transport;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.rcl.RclOptions;
import dev.forearm.ros.rcl.RclTransport;
import dev.forearm.ros.security.Enclave;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.clock.Clock;
import java.util.Optional;
import java.util.OptionalInt;

/** Which way topics are carried, and where. Immutable. */
public sealed interface TransportOptions {
  /**
   * Cyclone DDS.
   *
   * @param options which domain, and how
   */
  record Dds(DdsOptions options) implements TransportOptions {}

  /**
   * rcl of the ROS 2 that is sourced.
   *
   * @param options which node, and where
   */
  record Rcl(RclOptions options) implements TransportOptions {}

  /**
   * One that comes in a jar of its own.
   *
   * @param provider opens it
   * @param node how the process shows itself
   * @param enclave the security enclave that it is in
   * @param networkInterface the one to use; empty: as the environment says
   */
  record Provided(
      TransportProvider provider, NodeName node, String enclave, Optional<String> networkInterface)
      implements TransportOptions {}

  /** Inside this process, on the publishing thread. */
  record InProcess() implements TransportOptions {}

  /**
   * As ROS 2 reads its environment: ROS_DOMAIN_ID, and the two ways of staying on this machine.
   *
   * @param carrier what carries the topics
   * @param node how the process shows itself; relative topic names live in its namespace
   * @param enclave the security enclave that it is in, {@code /} where nobody says another
   * @param networkInterface the one to use; empty: as the environment says
   * @throws RosFault if the environment is no such thing, the enclave's keys are missing, or the
   *     carrier has no say in the interface
   */
  static TransportOptions ofEnvironment(
      Carrier carrier, NodeName node, String enclave, Optional<String> networkInterface) {
    Enclave secured = Enclave.ofEnvironment(enclave);
    return switch (carrier.here()) {
      case RCL -> {
        networkInterface.ifPresent(TransportOptions::requireLoopback);
        yield new Rcl(
            new RclOptions(
                node, OptionalInt.empty(), networkInterface.isPresent(), secured.name()));
      }
      case RCLJAVA -> new Provided(TransportProvider.find(), node, enclave, networkInterface);
      case DDS, AUTO -> {
        DdsOptions options = DdsOptions.fromEnvironment().withNode(node).withEnclave(secured);
        yield new Dds(networkInterface.map(options::withNetworkInterface).orElse(options));
      }
    };
  }

  private static void requireLoopback(String networkInterface) {
    if (!networkInterface.equals(DdsOptions.LOOPBACK)) {
      throw new RosFault(
          "choosing interface %s: over rcl the middleware chooses, by its own configuration (CYCLONEDDS_URI, FASTRTPS_DEFAULT_PROFILES_FILE, ZENOH_SESSION_CONFIG_URI); say it there, or choose --transport dds"
              .formatted(networkInterface));
    }
  }

  /** On this machine alone, in a ROS domain; secured if the environment says so. */
  static TransportOptions onThisMachine(int domain, NodeName node) {
    Enclave enclave = Enclave.ofEnvironment(Enclave.ROOT);
    return new Dds(DdsOptions.loopback(domain).withNode(node).withEnclave(enclave));
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
      case Rcl rcl -> new RclTransport(rcl.options(), clock, failures);
      case Provided it ->
          it.provider().open(it.node(), it.enclave(), it.networkInterface(), clock, failures);
      case InProcess _ -> new InProcessTransport(clock);
    };
  }
}
