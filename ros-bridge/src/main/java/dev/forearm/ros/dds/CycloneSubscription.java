package dev.forearm.ros.dds;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Delivery;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.dds.ffi.DdsReader;
import dev.forearm.runtime.clock.Clock;
import java.lang.foreign.MemorySegment;

/** A DDS reader as a ROS subscription. */
final class CycloneSubscription implements Subscription, CycloneSource {
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

  private void deliver(MemorySegment cdr, long publication) {
    delivery.deliverContained(cdr, clock.nanos(), publication);
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
