package dev.forearm.runtime.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads one record's content; every read is checked against the record's end. */
final class RecordCursor {
  private final ByteBuffer bytes;

  RecordCursor(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  int remaining() {
    return bytes.remaining();
  }

  private void want(long count) throws DamagedRecord {
    if (count < 0 || count > bytes.remaining()) {
      throw new DamagedRecord(
          "a field wants %s bytes, its record has %s left".formatted(count, bytes.remaining()));
    }
  }

  byte u8() throws DamagedRecord {
    want(1);
    return bytes.get();
  }

  int u16() throws DamagedRecord {
    want(2);
    return Short.toUnsignedInt(bytes.getShort());
  }

  long u32() throws DamagedRecord {
    want(4);
    return Integer.toUnsignedLong(bytes.getInt());
  }

  /** A u64 that must fit a long: a time, a size or a place in a file. */
  long u64() throws DamagedRecord {
    want(8);
    return bytes.getLong();
  }

  /** The next {@code count} bytes as a cursor of their own. */
  RecordCursor part(long count) throws DamagedRecord {
    return new RecordCursor(slice(count));
  }

  ByteBuffer slice(long count) throws DamagedRecord {
    want(count);
    ByteBuffer part = bytes.slice(bytes.position(), (int) count);
    bytes.position(bytes.position() + (int) count);
    return part;
  }

  /** Everything that is left. */
  ByteBuffer rest() {
    return bytes.slice();
  }

  String string() throws DamagedRecord {
    return UTF_8.decode(slice(u32())).toString();
  }

  Map<String, String> map() throws DamagedRecord {
    RecordCursor entries = part(u32());
    Map<String, String> values = new LinkedHashMap<>();
    while (entries.remaining() > 0) {
      values.put(entries.string(), entries.string());
    }
    return values;
  }
}
