package dev.forearm.ros.dds;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Delivery;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.dds.ffi.DdsReader;

/** A DDS reader as a ROS subscription. */
final class CycloneSubscription implements Subscription {
  private final String topic;
  private final MessageType type;
  private final DdsReader reader;
  private final Delivery delivery;

  CycloneSubscription(String topic, MessageType type, DdsReader reader, CdrHandler handler) {
    this.topic = topic;
    this.type = type;
    this.reader = reader;
    this.delivery = new Delivery(topic, handler);
  }

  DdsReader reader() {
    return reader;
  }

  Delivery delivery() {
    return delivery;
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
    reader.close();
  }
}
