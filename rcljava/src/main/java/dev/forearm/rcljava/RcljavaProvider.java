package dev.forearm.rcljava;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.security.Enclave;
import dev.forearm.ros.transport.TransportProvider;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.clock.Clock;
import java.util.Optional;

/** Opens a transport over rcljava, to which the environment alone says where it is. */
public final class RcljavaProvider implements TransportProvider {
  private static final String RANGE = "ROS_AUTOMATIC_DISCOVERY_RANGE";

  @Override
  public RosTransport open(
      NodeName node,
      String enclave,
      Optional<String> networkInterface,
      Clock clock,
      FailureHandler failures) {
    if (!enclave.equals(Enclave.ROOT)) {
      throw new RosFault(
          "choosing enclave %s: rcljava hands none on; set ROS_SECURITY_ENCLAVE_OVERRIDE to it, or choose --transport rcl"
              .formatted(enclave));
    }
    networkInterface.ifPresent(RcljavaProvider::requireThisMachine);
    return new RcljavaTransport(node, clock, failures);
  }

  private static void requireThisMachine(String networkInterface) {
    boolean alone =
        "LOCALHOST".equals(System.getenv(RANGE)) || "1".equals(System.getenv("ROS_LOCALHOST_ONLY"));
    if (!networkInterface.equals("lo") || !alone) {
      throw new RosFault(
          "choosing interface %s: over rcljava the environment chooses; set %s to LOCALHOST for lo, configure the middleware for another"
              .formatted(networkInterface, RANGE));
    }
  }
}
