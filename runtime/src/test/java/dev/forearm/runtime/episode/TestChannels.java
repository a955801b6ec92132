package dev.forearm.runtime.episode;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Two real ROS 2 types and their CDR, enough to record without the bridge. */
final class TestChannels {
  static final Channel NAMES =
      new Channel(
          "/object_names",
          "std_msgs/msg/String",
          "string data\n",
          "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18",
          new TopicQos(true, true, 1));

  static final Channel COMMANDS =
      new Channel(
          "/arm_controller/commands",
          "std_msgs/msg/Float64MultiArray",
          """
          MultiArrayLayout layout
          float64[] data
          ================================================================================
          MSG: std_msgs/MultiArrayLayout
          MultiArrayDimension[] dim
          uint32 data_offset
          ================================================================================
          MSG: std_msgs/MultiArrayDimension
          string label
          uint32 size
          uint32 stride
          """,
          "",
          new TopicQos(true, false, 10));

  private TestChannels() {}

  /** A std_msgs/String: encapsulation, length with the closing zero, characters. */
  static MemorySegment string(String text) {
    byte[] chars = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer cdr = cdr(4 + 4 + chars.length + 1);
    cdr.putInt(chars.length + 1).put(chars).put((byte) 0);
    return MemorySegment.ofBuffer(cdr.flip());
  }

  /** A std_msgs/Float64MultiArray without dimensions; values start 8-aligned behind the header. */
  static MemorySegment array(double... values) {
    ByteBuffer cdr = cdr(4 + 12 + 4 + 8 * values.length);
    cdr.putInt(0).putInt(0).putInt(values.length).putInt(0);
    for (double value : values) {
      cdr.putDouble(value);
    }
    return MemorySegment.ofBuffer(cdr.flip());
  }

  private static ByteBuffer cdr(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {0, 1, 0, 0});
  }
}
