package dev.forearm.ros.dds;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.msg.sensor_msgs.Image;
import java.io.IOException;

/** A second process: sends back every image it gets, until its input ends. */
final class EchoProcess {
  private EchoProcess() {}

  public static void main(String[] arguments) throws IOException {
    DdsOptions options = DdsOptions.loopback(Integer.parseInt(arguments[0]));
    try (CycloneTransport transport = Peers.join(options)) {
      Publication back = transport.advertise("/image_echo", Image.TYPE, Qos.DEFAULT);
      transport.subscribe(
          "/image", Image.TYPE, Qos.DEFAULT, (cdr, nanos) -> back.publish(cdr, cdr.byteSize()));
      while (System.in.read() >= 0) {
        // the parent lives
      }
    }
  }
}
