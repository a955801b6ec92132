package dev.forearm.ros.dds.ffi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What DDS tells participants, readers and writers apart by: sixteen bytes, as ROS 2 sends them in
 * its {@code Gid}.
 *
 * @param first eight of them, most significant first
 * @param last eight of them
 */
public record DdsGuid(long first, long last) {
  static final int BYTES = 16;
  private static final ValueLayout.OfLong EIGHT =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  static DdsGuid at(MemorySegment memory, long offset) {
    return new DdsGuid(memory.get(EIGHT, offset), memory.get(EIGHT, offset + Long.BYTES));
  }

  /**
   * From sixteen bytes.
   *
   * @throws java.nio.BufferUnderflowException if they are fewer than sixteen
   */
  public static DdsGuid of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new DdsGuid(buffer.getLong(), buffer.getLong());
  }

  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(first).putLong(last).array();
  }
}
