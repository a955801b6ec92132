package dev.forearm.rcljava;

import dev.forearm.ros.Endpoint;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.cdr.CdrReader;
import java.lang.foreign.MemorySegment;
import org.ros2.rcljava.interfaces.MessageDefinition;
import org.ros2.rcljava.publisher.Publisher;

/** An rcljava publisher as a ROS publication. */
final class RcljavaPublication<T extends MessageDefinition> implements Publication {
  private final String topic;
  private final MessageType type;
  private final MessageMapping<T> mapping;
  private final Publisher<T> publisher;
  private final RcljavaTransport transport;
  private final CdrReader reader = new CdrReader();

  RcljavaPublication(
      String topic,
      MessageType type,
      MessageMapping<T> mapping,
      Publisher<T> publisher,
      RcljavaTransport transport) {
    this.topic = topic;
    this.type = type;
    this.mapping = mapping;
    this.publisher = publisher;
    this.transport = transport;
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
  public void publish(MemorySegment cdr, long length) {
    reader.wrap(cdr.asSlice(0, length));
    T message = mapping.read(reader);
    boolean _ =
        Natives.calling(
            "publishing " + topic,
            () -> {
              publisher.publish(message);
              return true;
            });
  }

  @Override
  public int subscribers() {
    return transport.endpoints(Endpoint.Role.SUBSCRIBER, topic).size();
  }

  @Override
  public void close() {
    transport.dispose(publisher);
  }
}
