package dev.forearm.ros.cdr;

import java.util.Arrays;
import java.util.Objects;

/** Reusable storage of a int8 or uint8 sequence: grows to the longest seen and stays. */
public final class ByteSequence {
  private byte[] values = {};
  private int size;

  /** The storage; the first {@link #size()} elements count. Replaced when it grows. */
  public byte[] values() {
    return values;
  }

  public int size() {
    return size;
  }

  public byte get(int index) {
    return values[Objects.checkIndex(index, size)];
  }

  public void set(int index, byte value) {
    values[Objects.checkIndex(index, size)] = value;
  }

  /** Sets the number of elements; those already there keep their values. */
  public void resize(int size) {
    if (size > values.length) {
      values = Arrays.copyOf(values, size);
    }
    this.size = size;
  }

  /** Takes over the first {@code count} elements of {@code source}. */
  public void assign(byte[] source, int count) {
    resize(count);
    System.arraycopy(source, 0, values, 0, count);
  }

  public byte[] toArray() {
    return Arrays.copyOf(values, size);
  }

  /** Reads length and elements; at most {@code bound}. */
  public void read(CdrReader reader, int bound) {
    resize(reader.readLength(1, bound));
    reader.copyBytes(values, size);
  }

  public void write(CdrWriter writer) {
    writer.writeLength(size);
    writer.writeBytes(values, size);
  }
}
