package dev.forearm.bench.ros;

import dev.forearm.ros.Publication;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import java.lang.foreign.MemorySegment;

/** The end that answers: decodes what comes, and encodes the answer. Receive thread. */
final class Echo {
  private final CdrReader reader = new CdrReader();
  private final CdrWriter writer = new CdrWriter(1024);
  private final JointState.Buffer jointState = new JointState.Buffer();
  private final JointState.Buffer receipt = new JointState.Buffer();
  private final Image.Buffer image = new Image.Buffer();
  private final Publication pong;

  private Echo(Publication pong) {
    this.pong = pong;
  }

  /** Answers until the transport is closed. */
  static void serve(RosTransport transport) {
    Echo echo = new Echo(transport.advertise("pong", JointState.TYPE, ForearmPeer.QOS));
    transport.subscribe("ping", JointState.TYPE, ForearmPeer.QOS, echo::jointState);
    transport.subscribe("image", Image.TYPE, ForearmPeer.QOS, echo::image);
  }

  private void jointState(MemorySegment cdr, long receivedNanos) {
    jointState.decode(reader, cdr);
    answer(jointState);
  }

  private void image(MemorySegment cdr, long receivedNanos) {
    image.decode(reader, cdr);
    RosTime.set(receipt.header.stamp, RosTime.nanos(image.header.stamp));
    answer(receipt);
  }

  private void answer(JointState.Buffer message) {
    message.encode(writer);
    pong.publish(writer);
  }
}
