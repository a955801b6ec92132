package dev.forearm.ros.rcl;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.Delivery;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.rcl.ffi.RclSubscriber;
import dev.forearm.runtime.clock.Clock;
import java.lang.foreign.MemorySegment;

/** An rcl subscriber as a ROS subscription. */
final class RclSubscription implements Subscription, RclSource {
  private final String topic;
  private final MessageType type;
  private final RclSubscriber subscriber;
  private final RclWaitSet waitSet;
  private final Delivery delivery;
  private final Clock clock;
  private final RclSubscriber.Taker taker = this::deliver;
  private volatile boolean closed;

  RclSubscription(
      String topic,
      MessageType type,
      RclSubscriber subscriber,
      RclWaitSet waitSet,
      CdrHandler handler,
      Clock clock) {
    this.topic = topic;
    this.type = type;
    this.subscriber = subscriber;
    this.waitSet = waitSet;
    this.delivery = new Delivery(topic, handler);
    this.clock = clock;
  }

  @Override
  public RclSubscriber waitable() {
    return subscriber;
  }

  @Override
  public void take() {
    subscriber.take(taker);
  }

  private void deliver(MemorySegment cdr, long publisher) {
    if (!closed) {
      delivery.deliverContained(cdr, clock.nanos(), publisher);
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
    return subscriber.publishers();
  }

  @Override
  public long received() {
    return delivery.received();
  }

  @Override
  public long refused() {
    return delivery.refused();
  }

  /** Nothing is delivered any more; the receive thread, which may be waiting for it, finalises. */
  @Override
  public void close() {
    closed = true;
    waitSet.detach(this);
  }
}
