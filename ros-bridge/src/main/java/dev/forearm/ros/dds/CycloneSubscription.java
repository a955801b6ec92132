package dev.forearm.ros.dds;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Delivery;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.dds.ffi.DdsReader;
import dev.forearm.runtime.clock.Clock;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A DDS reader as a ROS subscription. */
final class CycloneSubscription implements Subscription, CycloneSource {
  private static final Logger log = LoggerFactory.getLogger(CycloneSubscription.class);

  private final String topic;
  private final MessageType type;
  private final DdsReader reader;
  private final Delivery delivery;
  private final Clock clock;
  private final NodeGraph graph;
  private final DdsReader.Taker taker = this::deliver; // made once

  CycloneSubscription(
      String topic,
      MessageType type,
      DdsReader reader,
      CdrHandler handler,
      Clock clock,
      NodeGraph graph) {
    this.topic = topic;
    this.type = type;
    this.reader = reader;
    this.delivery = new Delivery(topic, handler);
    this.clock = clock;
    this.graph = graph;
    graph.add(reader);
  }

  @Override
  public DdsReader reader() {
    return reader;
  }

  @Override
  public void take() {
    reader.take(taker);
  }

  /** A handler's bug must not silence the other topics. */
  private void deliver(MemorySegment cdr, long publication) {
    try {
      delivery.deliver(cdr, clock.nanos(), publication);
    } catch (RuntimeException e) {
      log.error("{}: handler failed, message lost", topic, e);
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
    return reader.publishers();
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
    graph.remove(reader);
    reader.close();
  }
}
