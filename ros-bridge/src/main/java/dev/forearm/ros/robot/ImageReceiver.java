package dev.forearm.ros.robot;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.msg.sensor_msgs.Image;
import java.lang.foreign.MemorySegment;

/** Refuses images whose data is not what their header says, so that none is recorded. */
final class ImageReceiver implements Receiver {
  private final String topic;
  private final Image.Buffer message = new Image.Buffer();
  private final CdrReader reader = new CdrReader();

  ImageReceiver(String topic) {
    this.topic = topic;
  }

  @Override
  public long receive(MemorySegment cdr, long receivedNanos) {
    message.decode(reader, cdr);
    long width = Integer.toUnsignedLong(message.width);
    long height = Integer.toUnsignedLong(message.height);
    long step = Integer.toUnsignedLong(message.step);
    long bytes = message.data.size();
    if (step < width || step * height != bytes) {
      throw new RosFault(
          "image on %s: found %s bytes for %s x %s pixels of %s with %s bytes a row, wanted %s;"
                  .formatted(topic, bytes, width, height, message.encoding, step, step * height)
              + " it was truncated or its header is wrong");
    }
    return RosTime.nanos(message.header.stamp);
  }
}
