package dev.forearm.ros.cdr;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reusable storage of a string, kept as UTF-8: grows to the longest seen and stays. */
public final class Text {
  private byte[] utf8 = {};
  private int length;

  /** The storage; the first {@link #length()} bytes count. Replaced when it grows. */
  public byte[] utf8() {
    return utf8;
  }

  /** Bytes, not characters. */
  public int length() {
    return length;
  }

  /** Takes over a string; encodes it, so assign constant strings once and keep them. */
  public void assign(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    assign(encoded, encoded.length);
  }

  /** Takes over the first {@code length} bytes of {@code source}. */
  public void assign(byte[] source, int length) {
    resize(length);
    System.arraycopy(source, 0, utf8, 0, length);
  }

  /** Whether this is the string with these UTF-8 bytes; allocates nothing. */
  public boolean contentEquals(byte[] other) {
    return Arrays.equals(utf8, 0, length, other, 0, other.length);
  }

  /** Whether this is the same string; allocates nothing. */
  public boolean contentEquals(Text other) {
    return Arrays.equals(utf8, 0, length, other.utf8, 0, other.length);
  }

  public void read(CdrReader reader) {
    int bytes = reader.readStringLength();
    if (bytes < 0) {
      length = 0;
      return;
    }
    resize(bytes);
    reader.copyBytes(utf8, bytes);
    reader.readTerminator();
  }

  public void write(CdrWriter writer) {
    writer.writeString(utf8, length);
  }

  private void resize(int length) {
    if (length > utf8.length) {
      utf8 = new byte[length];
    }
    this.length = length;
  }

  /** The string as a new object; damaged UTF-8 shows as replacement characters. */
  @Override
  public String toString() {
    return new String(utf8, 0, length, StandardCharsets.UTF_8);
  }
}
