package dev.forearm.sim.node;

import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;

/** A publication and the memory its messages are written into. One thread's. */
record Topic(Publication publication, CdrWriter writer) implements AutoCloseable {
  static Topic on(RosTransport transport, String name, MessageType type, Qos qos) {
    return new Topic(transport.advertise(name, type, qos), new CdrWriter(1024));
  }

  void publish(Message message) {
    message.encode(writer);
    publication.publish(writer);
  }

  @Override
  public void close() {
    publication.close();
  }
}
