package dev.forearm.models.ort;

import java.util.Arrays;
import java.util.Optional;

/**
 * Element type of a tensor.
 *
 * <p>Codes are {@code ONNXTensorElementDataType} of the C API, which equal {@code
 * TensorProto.DataType} of ONNX.
 */
public enum ElementType {
  FLOAT32(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  BOOL(9, 1),
  FLOAT16(10, 2),
  FLOAT64(11, 8),
  UINT32(12, 4),
  UINT64(13, 8),
  BFLOAT16(16, 2);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The code that ONNX and ONNX Runtime share. */
  public int code() {
    return code;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether gradients can flow through values of this type. */
  public boolean floating() {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> true;
      case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT64 -> false;
    };
  }

  /** The type of a code, or empty if it is none we hold. */
  public static Optional<ElementType> find(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  /**
   * The type of a code.
   *
   * @throws IllegalArgumentException if the code is no type we hold: strings, complex and sub-byte
   *     numbers
   */
  public static ElementType of(int code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("element type " + code + " is not supported");
  }
}
