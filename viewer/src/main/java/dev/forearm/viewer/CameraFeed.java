package dev.forearm.viewer;

import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.sensor_msgs.Image;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The newest picture of one image topic. The transport's receive thread decodes into a spare image
 * and swaps it in; the viewer's thread takes it and gives it back. Three images go round, so
 * neither waits.
 */
final class CameraFeed implements AutoCloseable {
  private final String topic;
  private final Subscription subscription;
  private final Image.Buffer message = new Image.Buffer();
  private final CdrReader reader = new CdrReader();
  private final AtomicReference<@Nullable CameraImage> fresh = new AtomicReference<>();
  private final AtomicReference<@Nullable CameraImage> returned =
      new AtomicReference<>(new CameraImage());
  private CameraImage back = new CameraImage(); // receive thread
  private CameraImage front = new CameraImage(); // viewer's thread

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
    CameraImage newest = fresh.getAndSet(null);
    if (newest == null) {
      return null;
    }
    returned.set(front);
    front = newest;
    return newest;
  }

  @Override
  public void close() {
    subscription.close();
  }

  private void receive(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    back.take(message);
    CameraImage unseen = fresh.getAndSet(back);
    CameraImage spare = unseen != null ? unseen : returned.getAndSet(null);
    back = spare != null ? spare : new CameraImage();
  }
}
