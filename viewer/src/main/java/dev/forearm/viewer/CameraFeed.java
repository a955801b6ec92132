package dev.forearm.viewer;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.runtime.signal.Latest;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The newest picture of one image topic. Decoded on the transport's receive thread, taken by the
 * viewer's.
 */
final class CameraFeed implements Camera, AutoCloseable {
  private final String topic;
  private final Subscription subscription;
  private final CameraDecoder decoder;
  private final Latest<CameraImage> newest = new Latest<>(CameraImage::new);

  CameraFeed(RosTransport transport, String topic) {
    this.topic = topic;
    decoder = new CameraDecoder(topic);
    subscription = transport.subscribe(topic, decoder.type(), Qos.SENSOR_DATA, this::receive);
  }

  @Override
  public String topic() {
    return topic;
  }

  /** Pictures received, and drawn or not. */
  long received() {
    return subscription.received();
  }

  @Override
  public @Nullable CameraImage poll() {
    return newest.take();
  }

  @Override
  public void close() {
    subscription.close();
  }

  private void receive(MemorySegment cdr, long receivedNanos) {
    decoder.decode(cdr, newest.back());
    newest.publish();
  }
}
