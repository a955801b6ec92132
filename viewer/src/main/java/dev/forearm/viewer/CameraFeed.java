package dev.forearm.viewer;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.runtime.signal.Latest;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The newest picture of one image topic. Decoded on the transport's receive thread, taken by the
 * viewer's.
 */
final class CameraFeed implements AutoCloseable {
  private final String topic;
  private final Subscription subscription;
  private final Image.Buffer message = new Image.Buffer();
  private final CdrReader reader = new CdrReader();
  private final Latest<CameraImage> newest = new Latest<>(CameraImage::new);

  CameraFeed(RosTransport transport, String topic) {
    this.topic = topic;
    subscription = transport.subscribe(topic, Image.TYPE, Qos.SENSOR_DATA, this::receive);
  }

  String topic() {
    return topic;
  }

  /** Pictures received, and drawn or not. */
  long received() {
    return subscription.received();
  }

  /** The newest picture if there is one since the last call; the caller's until the next call. */
  @Nullable CameraImage poll() {
    return newest.take();
  }

  @Override
  public void close() {
    subscription.close();
  }

  private void receive(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    newest.back().take(message);
    newest.publish();
  }
}
