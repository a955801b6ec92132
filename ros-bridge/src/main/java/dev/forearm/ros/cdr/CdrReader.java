package dev.forearm.ros.cdr;

import dev.forearm.ros.RosFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads one CDR message after the other out of memory that a peer filled. Every read is checked
 * against the end of the message and every length against the bytes that are left, before anything
 * is allocated for it. Reused from message to message; owned by one thread.
 */
public final class CdrReader {
  /** Bytes before the body: representation identifier and options. */
  public static final int HEADER_BYTES = 4;

  private MemorySegment cdr = MemorySegment.NULL;
  private long position;
  private long end;
  private boolean bigEndian;

  /**
   * Starts on a message.
   *
   * @param cdr header and body, exactly
   * @throws RosFault if the header is missing or names another encoding than plain CDR 1
   */
  public void wrap(MemorySegment cdr) {
    if (cdr.byteSize() < HEADER_BYTES) {
      throw new RosFault(
          "reading CDR: %s bytes found, a header of 4 wanted; the message is truncated"
              .formatted(cdr.byteSize()));
    }
    int representation =
        Byte.toUnsignedInt(cdr.get(ValueLayout.JAVA_BYTE, 0)) << 8
            | Byte.toUnsignedInt(cdr.get(ValueLayout.JAVA_BYTE, 1));
    if (representation > 1) {
      throw new RosFault(
          String.format(
              Locale.ROOT,
              "reading CDR: representation 0x%04x found, 0x0000 or 0x0001 (plain CDR 1) wanted; set the peer to XCDR1",
              representation));
    }
    this.cdr = cdr;
    this.bigEndian = representation == 0;
    this.position = HEADER_BYTES;
    this.end = cdr.byteSize();
  }

  /** Bytes of the message not read yet, trailing padding included. */
  public long remaining() {
    return end - position;
  }

  public boolean readBool() {
    return readInt8() != 0;
  }

  /** An int8, or a uint8 in the Java type of the same width. */
  public byte readInt8() {
    return cdr.get(ValueLayout.JAVA_BYTE, take(1));
  }

  /** An int16, or a uint16 in the Java type of the same width. */
  public short readInt16() {
    short value = cdr.get(CdrLayouts.SHORT_LE, take(Short.BYTES));
    return bigEndian ? Short.reverseBytes(value) : value;
  }

  /** An int32, or a uint32 in the Java type of the same width. */
  public int readInt32() {
    int value = cdr.get(CdrLayouts.INT_LE, take(Integer.BYTES));
    return bigEndian ? Integer.reverseBytes(value) : value;
  }

  /** An int64, or a uint64 in the Java type of the same width. */
  public long readInt64() {
    long value = cdr.get(CdrLayouts.LONG_LE, take(Long.BYTES));
    return bigEndian ? Long.reverseBytes(value) : value;
  }

  public float readFloat32() {
    return Float.intBitsToFloat(readInt32());
  }

  public double readFloat64() {
    return Double.longBitsToDouble(readInt64());
  }

  /**
   * The element count of a sequence.
   *
   * @param elementBytes fewest bytes an element can take
   * @throws RosFault if that many elements cannot be in what is left of the message
   */
  public int readLength(int elementBytes) {
    return readLength(elementBytes, Integer.MAX_VALUE);
  }

  /**
   * The element count of a bounded sequence.
   *
   * @throws RosFault if it is over {@code bound} or cannot be in what is left of the message
   */
  public int readLength(int elementBytes, int bound) {
    long length = Integer.toUnsignedLong(readInt32());
    if (length > bound) {
      throw new RosFault(
          "reading CDR: sequence of %s elements found, %s allowed".formatted(length, bound));
    }
    if (length * elementBytes > remaining()) {
      throw new RosFault(
          "reading CDR: sequence of %s elements found at byte %s, but only %s bytes are left; the message is truncated or not of this type"
              .formatted(length, position - Integer.BYTES, remaining()));
    }
    return (int) length;
  }

  /**
   * The byte length of a string without its terminator; {@link #copyBytes} it, then call {@link
   * #readTerminator}.
   */
  int readStringLength() {
    int length = readLength(1);
    return length == 0 ? -1 : length - 1; // some peers send an empty string without terminator
  }

  void readTerminator() {
    long at = position;
    if (readInt8() != 0) {
      throw new RosFault(
          "reading CDR: string ending at byte %s is not terminated; the message is damaged or not of this type"
              .formatted(at));
    }
  }

  /** A string, as a new object. */
  public String readString() {
    int length = readStringLength();
    if (length < 0) {
      return "";
    }
    byte[] utf8 = new byte[length];
    copyBytes(utf8, length);
    readTerminator();
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Copies {@code count} int8, uint8 or bool values. */
  public void copyBytes(byte[] target, int count) {
    MemorySegment.copy(cdr, ValueLayout.JAVA_BYTE, take(1, count), target, 0, count);
  }

  /**
   * Passes over {@code count} int8, uint8 or bool values and tells where in the message they start,
   * for who reads them in place.
   */
  public long skipBytes(int count) {
    return take(1, count);
  }

  public void copyBooleans(boolean[] target, int count) {
    long from = take(1, count);
    for (int i = 0; i < count; i++) {
      target[i] = cdr.get(ValueLayout.JAVA_BYTE, from + i) != 0;
    }
  }

  public void copyShorts(short[] target, int count) {
    ValueLayout.OfShort layout = bigEndian ? CdrLayouts.SHORT_BE : CdrLayouts.SHORT_LE;
    MemorySegment.copy(cdr, layout, take(Short.BYTES, count), target, 0, count);
  }

  public void copyInts(int[] target, int count) {
    ValueLayout.OfInt layout = bigEndian ? CdrLayouts.INT_BE : CdrLayouts.INT_LE;
    MemorySegment.copy(cdr, layout, take(Integer.BYTES, count), target, 0, count);
  }

  public void copyLongs(long[] target, int count) {
    ValueLayout.OfLong layout = bigEndian ? CdrLayouts.LONG_BE : CdrLayouts.LONG_LE;
    MemorySegment.copy(cdr, layout, take(Long.BYTES, count), target, 0, count);
  }

  public void copyFloats(float[] target, int count) {
    ValueLayout.OfFloat layout = bigEndian ? CdrLayouts.FLOAT_BE : CdrLayouts.FLOAT_LE;
    MemorySegment.copy(cdr, layout, take(Float.BYTES, count), target, 0, count);
  }

  public void copyDoubles(double[] target, int count) {
    ValueLayout.OfDouble layout = bigEndian ? CdrLayouts.DOUBLE_BE : CdrLayouts.DOUBLE_LE;
    MemorySegment.copy(cdr, layout, take(Double.BYTES, count), target, 0, count);
  }

  private long take(int bytes) {
    return take(bytes, 1);
  }

  /** Aligns to {@code bytes}, claims {@code count} values of that size; none claims nothing. */
  private long take(int bytes, int count) {
    if (count == 0) {
      return position;
    }
    long from = ((position - HEADER_BYTES + bytes - 1) & -bytes) + HEADER_BYTES;
    long next = from + (long) bytes * count;
    if (next > end) {
      throw new RosFault(
          "reading CDR: %s values of %s bytes wanted at byte %s, message ends at %s; it is truncated or not of this type"
              .formatted(count, bytes, from, end));
    }
    position = next;
    return from;
  }
}
