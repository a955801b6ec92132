package dev.forearm.ros.tf;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import java.util.List;

/**
 * Tells on {@code /tf_static} where frames stand that do not move, to those who join later as well,
 * until it is closed. Any thread.
 */
public final class StaticBroadcaster implements AutoCloseable {
  private final Publication publication;

  /**
   * Tells.
   *
   * @param transforms of each frame to its parent
   */
  public StaticBroadcaster(RosTransport transport, List<TransformStamped> transforms) {
    publication = transport.advertise(TransformTopics.STATIC, TFMessage.TYPE, Qos.LATCHED);
    CdrWriter writer = new CdrWriter(1024);
    new TFMessage(transforms).encode(writer);
    publication.publish(writer);
  }

  @Override
  public void close() {
    publication.close();
  }
}
