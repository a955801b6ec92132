package dev.forearm.runtime.mcap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Builds records one behind the other in native memory that grows as needed and never shrinks, so
 * that a steady stream of records allocates nothing. What it outgrew goes with its arena.
 */
final class RecordBuffer {
  private final Arena arena;
  private ByteBuffer bytes;
  private int recordStart;

  /**
   * @param arena ends its use
   */
  RecordBuffer(Arena arena, int initialBytes) {
    this.arena = arena;
    bytes = allocate(initialBytes);
  }

  private ByteBuffer allocate(int count) {
    return arena.allocate(count).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What was built so far: position is its end. Replaced when the buffer grows. */
  ByteBuffer bytes() {
    return bytes;
  }

  int size() {
    return bytes.position();
  }

  void clear() {
    bytes.clear();
  }

  /** Makes room for {@code count} more bytes. */
  RecordBuffer ensure(int count) {
    if (bytes.remaining() < count) {
      int wanted = Math.max(Math.addExact(bytes.position(), count), 2 * bytes.capacity());
      ByteBuffer larger = allocate(wanted);
      larger.put(bytes.flip());
      bytes = larger;
    }
    return this;
  }

  RecordBuffer begin(byte opcode) {
    ensure(Opcode.PREFIX_BYTES);
    recordStart = bytes.position();
    bytes.put(opcode).putLong(0);
    return this;
  }

  void end() {
    bytes.putLong(recordStart + 1, bytes.position() - recordStart - Opcode.PREFIX_BYTES);
  }

  RecordBuffer u16(int value) {
    ensure(2).bytes.putShort((short) value);
    return this;
  }

  RecordBuffer u32(long value) {
    ensure(4).bytes.putInt((int) value);
    return this;
  }

  RecordBuffer u64(long value) {
    ensure(8).bytes.putLong(value);
    return this;
  }

  RecordBuffer raw(byte[] value) {
    ensure(value.length).bytes.put(value);
    return this;
  }

  /** Length-prefixed bytes; also how a string is stored. */
  RecordBuffer bytes(byte[] value) {
    return u32(value.length).raw(value);
  }

  RecordBuffer string(String value) {
    return bytes(value.getBytes(UTF_8));
  }

  RecordBuffer map(Map<String, String> values) {
    u32(0);
    int from = bytes.position();
    values.forEach((key, value) -> string(key).string(value));
    bytes.putInt(from - 4, bytes.position() - from);
    return this;
  }

  /** Copies {@code length} bytes of {@code source} from absolute {@code offset} on. */
  RecordBuffer copy(ByteBuffer source, int offset, int length) {
    ensure(length);
    int at = bytes.position();
    bytes.put(at, source, offset, length).position(at + length);
    return this;
  }
}
