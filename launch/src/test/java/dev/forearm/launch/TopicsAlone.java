package dev.forearm.launch;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.security.Enclave;
import dev.forearm.ros.transport.TransportProvider;
import dev.forearm.runtime.agent.FailureHandler;
import dev.forearm.runtime.clock.Clock;
import java.util.List;
import java.util.Optional;

/**
 * In rcljava's place on the tests' class path, and as poor: topics and no services, of a ROS 2 that
 * never heard of Forearm's own messages. Carried by Cyclone DDS.
 */
public final class TopicsAlone implements TransportProvider {
  @Override
  public RosTransport open(
      NodeName node,
      String enclave,
      Optional<String> networkInterface,
      Clock clock,
      FailureHandler failures) {
    DdsOptions options = DdsOptions.fromEnvironment().withNode(node);
    RosTransport carrier =
        new CycloneTransport(options.withEnclave(Enclave.ofEnvironment(enclave)), clock, failures);
    return new RosTransport() {
      @Override
      public Publication advertise(String topic, MessageType type, Qos qos) {
        return carrier.advertise(topic, known(type), qos);
      }

      @Override
      public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
        return carrier.subscribe(topic, known(type), qos, handler);
      }

      @Override
      public List<Endpoint> endpoints() {
        return carrier.endpoints();
      }

      @Override
      public String description() {
        return "topics alone";
      }

      @Override
      public void close() {
        carrier.close();
      }
    };
  }

  private static MessageType known(MessageType type) {
    if (type.name().startsWith("forearm_msgs/")) {
      throw new RosFault("type %s: nobody brings it".formatted(type.name()));
    }
    return type;
  }
}
