package dev.forearm.ros;

import org.jspecify.annotations.Nullable;

/**
 * One field of a message.
 *
 * @param name as in the definition
 * @param kind type of the value, or of each element
 * @param shape one value, or how many
 * @param count elements of an array, upper bound of a bounded sequence, otherwise 0
 * @param nested type of a {@link Kind#MESSAGE}, otherwise null
 */
public record MessageField(
    String name, Kind kind, Shape shape, int count, @Nullable MessageType nested) {
  /** Type of a value; {@link #bytes()} on the wire. */
  public enum Kind {
    BOOL(1),
    INT8(1),
    UINT8(1),
    INT16(2),
    UINT16(2),
    INT32(4),
    UINT32(4),
    INT64(8),
    UINT64(8),
    FLOAT32(4),
    FLOAT64(8),
    STRING(0),
    MESSAGE(0);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    /** Size and alignment of a primitive; 0 for strings and messages. */
    public int bytes() {
      return bytes;
    }
  }

  /** One value, or how many. */
  public enum Shape {
    SINGLE,
    ARRAY,
    SEQUENCE,
    BOUNDED_SEQUENCE
  }
}
