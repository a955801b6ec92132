package dev.forearm.ros.robot;

import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.image.ImageFormat;
import dev.forearm.ros.msg.sensor_msgs.Image;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Refuses images whose data is not what their header says, so that none is recorded. */
final class ImageReceiver implements Receiver {
  private final Image.Buffer message = new Image.Buffer();
  private final CdrReader reader = new CdrReader();
  private @Nullable ImageFormat format; // of the image before

  @Override
  public long receive(MemorySegment cdr, long receivedNanos, long publisher) {
    message.decode(reader, cdr);
    ImageFormat before = format;
    if (before == null || !before.fits(message)) {
      format = ImageFormat.of(message);
    }
    return RosTime.nanos(message.header.stamp);
  }
}
