package dev.forearm.models.ort;

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
