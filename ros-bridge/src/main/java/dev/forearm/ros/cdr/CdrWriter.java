package dev.forearm.ros.cdr;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Writes one CDR message after the other into its own off-heap memory, little endian. The memory
 * grows to the largest message and stays, so writing allocates nothing after the first few. Reused
 * from message to message; owned by one thread.
 */
public final class CdrWriter {
  private static final int MINIMUM_CAPACITY = 64;

  private MemorySegment memory;
  private long position;

  /**
   * @param capacityBytes room to start with
   */
  public CdrWriter(int capacityBytes) {
    memory = allocate(Math.max(capacityBytes, MINIMUM_CAPACITY));
    begin();
  }

  /** Starts a message over: header for little-endian plain CDR 1, empty body. */
  public void begin() {
    memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
    memory.set(ValueLayout.JAVA_BYTE, 1, (byte) 1);
    memory.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
    memory.set(ValueLayout.JAVA_BYTE, 3, (byte) 0);
    position = CdrReader.HEADER_BYTES;
  }

  /** Pads the message to four bytes and says so in its header, as DDS wants it. */
  public void end() {
    int padding = (int) (-position & 3);
    ensure(padding);
    for (int i = 0; i < padding; i++) {
      memory.set(ValueLayout.JAVA_BYTE, position++, (byte) 0);
    }
    memory.set(ValueLayout.JAVA_BYTE, 3, (byte) padding);
  }

  /** Where the message is, from offset 0; changes when the writer grows. */
  public MemorySegment segment() {
    return memory;
  }

  /** Bytes of the message so far, header included. */
  public long length() {
    return position;
  }

  /** A copy of the message so far. */
  public byte[] toByteArray() {
    return memory.asSlice(0, position).toArray(ValueLayout.JAVA_BYTE);
  }

  public void writeBool(boolean value) {
    writeInt8((byte) (value ? 1 : 0));
  }

  public void writeInt8(byte value) {
    long at = claim(1, 1);
    memory.set(ValueLayout.JAVA_BYTE, at, value);
  }

  public void writeInt16(short value) {
    long at = claim(Short.BYTES, 1);
    memory.set(CdrLayouts.SHORT_LE, at, value);
  }

  public void writeInt32(int value) {
    long at = claim(Integer.BYTES, 1);
    memory.set(CdrLayouts.INT_LE, at, value);
  }

  public void writeInt64(long value) {
    long at = claim(Long.BYTES, 1);
    memory.set(CdrLayouts.LONG_LE, at, value);
  }

  public void writeFloat32(float value) {
    long at = claim(Float.BYTES, 1);
    memory.set(CdrLayouts.FLOAT_LE, at, value);
  }

  public void writeFloat64(double value) {
    long at = claim(Double.BYTES, 1);
    memory.set(CdrLayouts.DOUBLE_LE, at, value);
  }

  /** The element count before a sequence. */
  public void writeLength(int count) {
    writeInt32(count);
  }

  /** A string; encodes it anew, so use {@link Text} where nothing may be allocated. */
  public void writeString(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    writeString(utf8, utf8.length);
  }

  /** A string from its first {@code length} UTF-8 bytes. */
  public void writeString(byte[] utf8, int length) {
    writeInt32(length + 1);
    writeBytes(utf8, length);
    writeInt8((byte) 0);
  }

  /** {@code count} int8 or uint8 values, without a length before them. */
  public void writeBytes(byte[] values, int count) {
    long to = claim(1, count);
    MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_BYTE, to, count);
  }

  public void writeBooleans(boolean[] values, int count) {
    long to = claim(1, count);
    for (int i = 0; i < count; i++) {
      memory.set(ValueLayout.JAVA_BYTE, to + i, (byte) (values[i] ? 1 : 0));
    }
  }

  public void writeShorts(short[] values, int count) {
    long to = claim(Short.BYTES, count);
    MemorySegment.copy(values, 0, memory, CdrLayouts.SHORT_LE, to, count);
  }

  public void writeInts(int[] values, int count) {
    long to = claim(Integer.BYTES, count);
    MemorySegment.copy(values, 0, memory, CdrLayouts.INT_LE, to, count);
  }

  public void writeLongs(long[] values, int count) {
    long to = claim(Long.BYTES, count);
    MemorySegment.copy(values, 0, memory, CdrLayouts.LONG_LE, to, count);
  }

  public void writeFloats(float[] values, int count) {
    long to = claim(Float.BYTES, count);
    MemorySegment.copy(values, 0, memory, CdrLayouts.FLOAT_LE, to, count);
  }

  public void writeDoubles(double[] values, int count) {
    long to = claim(Double.BYTES, count);
    MemorySegment.copy(values, 0, memory, CdrLayouts.DOUBLE_LE, to, count);
  }

  /** Aligns to {@code bytes} and makes room for {@code count} values of that size. */
  private long claim(int bytes, int count) {
    if (count == 0) {
      return position;
    }
    long from = ((position - CdrReader.HEADER_BYTES + bytes - 1) & -bytes) + CdrReader.HEADER_BYTES;
    ensure(from - position + (long) bytes * count);
    for (long at = position; at < from; at++) {
      memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
    }
    position = from + (long) bytes * count;
    return from;
  }

  private void ensure(long bytes) {
    if (position + bytes > memory.byteSize()) {
      MemorySegment larger = allocate(Math.max(position + bytes, 2 * memory.byteSize()));
      MemorySegment.copy(memory, 0, larger, 0, position);
      memory = larger;
    }
  }

  private static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, 8);
  }
}
