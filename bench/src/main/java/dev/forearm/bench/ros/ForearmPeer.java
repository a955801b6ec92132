package dev.forearm.bench.ros;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.security.Enclave;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.ros.transport.TransportOptions;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Our peer, over the carrier that is its first argument. */
final class ForearmPeer {
  /** ROS 2's default, of every peer. */
  static final Qos QOS = Qos.DEFAULT;

  private ForearmPeer() {}

  public static void main(String[] arguments) throws IOException {
    Carrier carrier = Carrier.valueOf(arguments[0]);
    String end = arguments[1];
    String prefix = "/" + arguments[2];
    TransportOptions options =
        TransportOptions.ofEnvironment(
            carrier, new NodeName(prefix, end), Enclave.ROOT, Optional.of("lo"));
    try (RosTransport transport = options.open(new MonotonicClock(), ForearmPeer::failed);
        BufferedReader orders =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      switch (end) {
        case "echo" -> {
          Echo.serve(transport);
          orders.lines().forEach(_ -> {});
        }
        case "ping" -> {
          Ping ping = new Ping(transport);
          orders.lines().forEach(order -> ping.run(order.split(" ", -1)));
        }
        default ->
            throw new IllegalArgumentException("end '%s': echo or ping wanted".formatted(end));
      }
    }
  }

  private static void failed(String agent, Throwable failure) {
    failure.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
