package dev.forearm.ros.node;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceHandler;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.UnheardPublication;
import dev.forearm.ros.UnpublishedSubscription;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport for what a program can do without. What the one below refuses, because it carries
 * topics alone or the ROS 2 around lacks a package, is told of and offered to nobody.
 */
final class OptionalTransport implements RosTransport {
  private static final Logger LOG = LoggerFactory.getLogger(OptionalTransport.class);

  private final RosTransport transport;

  OptionalTransport(RosTransport transport) {
    this.transport = transport;
  }

  private static <T> T orElse(Supplier<T> wanted, T nothing) {
    try {
      return wanted.get();
    } catch (RosFault refused) {
      LOG.warn("not offered: {}", refused.getMessage());
      return nothing;
    }
  }

  @Override
  public Publication advertise(String topic, MessageType type, Qos qos) {
    return orElse(() -> transport.advertise(topic, type, qos), new UnheardPublication(topic, type));
  }

  @Override
  public Subscription subscribe(String topic, MessageType type, Qos qos, CdrHandler handler) {
    return orElse(
        () -> transport.subscribe(topic, type, qos, handler),
        new UnpublishedSubscription(topic, type));
  }

  @Override
  public <Q extends Message, A extends Message> ServiceServer serve(
      String service, ServiceType<Q, A> type, ServiceHandler<Q, A> handler) {
    return orElse(() -> transport.serve(service, type, handler), new Unasked(service));
  }

  /** Who asks has to know whether it can. */
  @Override
  public <Q extends Message, A extends Message> ServiceClient<Q, A> client(
      String service, ServiceType<Q, A> type) {
    return transport.client(service, type);
  }

  @Override
  public List<Endpoint> endpoints() {
    return transport.endpoints();
  }

  @Override
  public List<Endpoint> endpoints(Endpoint.Role role, String topic) {
    return transport.endpoints(role, topic);
  }

  @Override
  public String description() {
    return transport.description();
  }

  /** The transport stays its owner's. */
  @Override
  public void close() {}

  private record Unasked(String service) implements ServiceServer {
    @Override
    public long received() {
      return 0;
    }

    @Override
    public long refused() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
