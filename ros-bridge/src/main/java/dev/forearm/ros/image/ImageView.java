package dev.forearm.ros.image;

import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.MemorySegment;

/**
 * A sensor_msgs/Image looked at where it lies: its fields are read, its pixels are not copied.
 * Reused from message to message; owned by one thread.
 */
public final class ImageView {
  private final CdrReader reader = new CdrReader();
  private final Header.Buffer header = new Header.Buffer();
  final Text encoding = new Text();
  int width;
  int height;
  int step;
  boolean bigEndian;
  int dataBytes;
  private long dataOffset;

  /**
   * Reads the fields of an encoded message.
   *
   * @throws dev.forearm.ros.RosFault if it is truncated or no image
   */
  public void wrap(MemorySegment cdr) {
    reader.wrap(cdr);
    header.read(reader);
    height = reader.readInt32();
    width = reader.readInt32();
    encoding.read(reader);
    bigEndian = reader.readInt8() != 0;
    step = reader.readInt32();
    dataBytes = reader.readLength(1);
    dataOffset = reader.skipBytes(dataBytes);
  }

  /** The publisher's stamp in ROS time, nanoseconds. */
  public long stampNanos() {
    return RosTime.nanos(header.stamp);
  }

  /** Where the first row starts, bytes from the start of the message. */
  public long dataOffset() {
    return dataOffset;
  }
}
