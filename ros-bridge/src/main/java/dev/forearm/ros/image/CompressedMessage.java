package dev.forearm.ros.image;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A sensor_msgs/CompressedImage looked at where it lies. Reused from message to message. */
final class CompressedMessage {
  /** Pixels that are decoded at most: a 4096 x 4096 picture of rgb8 takes 48 MiB. */
  private static final long PIXELS_MAX = 1 << 24;

  private final String what;
  private final CdrReader reader = new CdrReader();
  private final Header.Buffer header = new Header.Buffer();
  private final Text format = new Text();
  private MemorySegment copied = MemorySegment.NULL; // of messages that lie in the Java heap
  private MemorySegment data = MemorySegment.NULL;

  /**
   * @param what it is called in messages to people
   */
  CompressedMessage(String what) {
    this.what = what;
  }

  /**
   * Reads the fields of an encoded message.
   *
   * @throws RosFault if it is truncated or no compressed image
   */
  void wrap(MemorySegment cdr) {
    reader.wrap(cdr);
    header.read(reader);
    format.read(reader);
    int bytes = reader.readLength(1);
    data = cdr.asSlice(reader.skipBytes(bytes), bytes);
  }

  long stampNanos() {
    return RosTime.nanos(header.stamp);
  }

  Text format() {
    return format;
  }

  MemorySegment data() {
    return data;
  }

  /** Some of the data, to its end, in memory outside the Java heap, where a decoder can read it. */
  MemorySegment outside(long from) {
    MemorySegment part = data.asSlice(from);
    if (part.isNative()) {
      return part;
    }
    if (copied.byteSize() < part.byteSize()) {
      copied = Arena.ofAuto().allocate(part.byteSize());
    }
    return copied.asSlice(0, part.byteSize()).copyFrom(part);
  }

  /** Refuses what would take too much memory. */
  void requireSize(int width, int height) {
    if ((long) width * height > PIXELS_MAX) {
      throw fault(
          "found %s x %s pixels, wanted %s at most; have the camera send a smaller picture"
              .formatted(width, height, PIXELS_MAX));
    }
  }

  RosFault fault(String why) {
    return new RosFault("compressed %s of format '%s': %s".formatted(what, format, why));
  }

  RosFault damaged(String how) {
    return fault("%s bytes are damaged or no whole picture (%s)".formatted(data.byteSize(), how));
  }
}
