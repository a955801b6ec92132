package dev.forearm.ros.transport;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.clock.Clock;
import java.util.Optional;
import java.util.ServiceLoader;

/** Opens a transport that is built apart from Forearm, against libraries that nobody publishes. */
public interface TransportProvider {
  /**
   * Opens the transport; the caller closes it.
   *
   * @param node how the process shows itself; relative topic names live in its namespace
   * @param enclave the security enclave that it is in
   * @param networkInterface the one to use; empty: as the environment says
   * @param clock stamps arrivals
   * @param failures hears of it if its topics are heard no more
   * @throws RosFault if it cannot be opened so
   */
  RosTransport open(
      NodeName node,
      String enclave,
      Optional<String> networkInterface,
      Clock clock,
      FailureHandler failures);

  /** The one on the class path. */
  static TransportProvider find() {
    return ServiceLoader.load(TransportProvider.class)
        .findFirst()
        .orElseThrow(() ->
            new RosFault(
                "choosing transport rcljava: it is not on the class path; build Forearm's module of that name against your ROS 2 workspace (docs/ros.md), or choose --transport rcl"));
  }
}
