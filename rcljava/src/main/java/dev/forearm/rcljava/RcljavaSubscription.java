package dev.forearm.rcljava;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Delivery;
import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.runtime.clock.Clock;
import java.util.function.Function;
import org.ros2.rcljava.consumers.Consumer;
import org.ros2.rcljava.interfaces.Disposable;
import org.ros2.rcljava.interfaces.MessageDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An rcljava subscription as a ROS subscription. */
final class RcljavaSubscription<T extends MessageDefinition> implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(RcljavaSubscription.class);

  private final String topic;
  private final MessageType type;
  private final MessageMapping<T> mapping;
  private final Delivery delivery;
  private final Clock clock;
  private final RcljavaTransport transport;
  private final Disposable subscription;
  private final CdrWriter writer = new CdrWriter(256); // receive thread's
  private volatile boolean closed;

  /**
   * @param subscribing makes rcljava's, with what takes its messages
   */
  RcljavaSubscription(
      String topic,
      MessageType type,
      MessageMapping<T> mapping,
      CdrHandler handler,
      Clock clock,
      RcljavaTransport transport,
      Function<Consumer<T>, Disposable> subscribing) {
    this.topic = topic;
    this.type = type;
    this.mapping = mapping;
    this.delivery = new Delivery(topic, handler);
    this.clock = clock;
    this.transport = transport;
    subscription = subscribing.apply(this::deliver);
  }

  /** A handler's bug must not silence the other topics. */
  private void deliver(T message) {
    if (closed) {
      return;
    }
    long receivedNanos = clock.nanos();
    try {
      writer.begin();
      mapping.write(message, writer);
      writer.end();
      delivery.deliver(writer.segment().asSlice(0, writer.length()), receivedNanos, 0);
    } catch (RuntimeException e) {
      LOG.error("{}: handler failed, message lost", topic, e);
    }
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public MessageType type() {
    return type;
  }

  @Override
  public int publishers() {
    return transport.endpoints(Endpoint.Role.PUBLISHER, topic).size();
  }

  @Override
  public long received() {
    return delivery.received();
  }

  @Override
  public long refused() {
    return delivery.refused();
  }

  @Override
  public void close() {
    closed = true;
    transport.dispose(subscription);
  }
}
