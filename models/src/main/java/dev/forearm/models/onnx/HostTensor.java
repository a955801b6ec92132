package dev.forearm.models.onnx;

import dev.forearm.models.ort.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A constant array: element type, dimensions and row-major little-endian data. Immutable; the data
 * may lie in a mapped file.
 */
public final class HostTensor {
  private final ElementType type;
  private final long[] dims;
  private final ByteBuffer data;

  private HostTensor(ElementType type, long[] dims, ByteBuffer data) {
    this.type = type;
    this.dims = dims.clone();
    this.data = data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Wraps {@code data}, little-endian, from its position to its limit, without copying.
   *
   * @throws IllegalArgumentException when the data does not have the size that type and dimensions
   *     ask for
   */
  public static HostTensor of(ElementType type, long[] dims, ByteBuffer data) {
    long wanted = elements(dims) * type.bytes();
    if (data.remaining() != wanted) {
      throw new IllegalArgumentException(
          "tensor of "
              + type
              + Arrays.toString(dims)
              + " has "
              + data.remaining()
              + " bytes, needs "
              + wanted);
    }
    return new HostTensor(type, dims, data.slice());
  }

  public static HostTensor ofFloats(long[] dims, float... values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return of(ElementType.FLOAT32, dims, data);
  }

  public static HostTensor ofDoubles(long[] dims, double... values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    data.asDoubleBuffer().put(values);
    return of(ElementType.FLOAT64, dims, data);
  }

  public static HostTensor ofLongs(long[] dims, long... values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return of(ElementType.INT64, dims, data);
  }

  /** Values of any numeric type, rounded to {@code type}. */
  public static HostTensor ofValues(ElementType type, long[] dims, double... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (type) {
        case FLOAT32 -> data.putFloat((float) value);
        case FLOAT64 -> data.putDouble(value);
        case FLOAT16 -> data.putShort(Float.floatToFloat16((float) value));
        case BFLOAT16 -> data.putShort(bfloat16((float) value));
        case BOOL -> data.put((byte) (value != 0 ? 1 : 0));
        case UINT8, INT8 -> data.put((byte) (long) value);
        case UINT16, INT16 -> data.putShort((short) (long) value);
        case UINT32, INT32 -> data.putInt((int) (long) value);
        case UINT64, INT64 -> data.putLong((long) value);
      }
    }
    return of(type, dims, data.flip());
  }

  private static short bfloat16(float value) {
    if (Float.isNaN(value)) {
      return 0x7fc0;
    }
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
  }

  public ElementType type() {
    return type;
  }

  /** Dimensions, outermost first. The caller owns the array. */
  public long[] dims() {
    return dims.clone();
  }

  public int rank() {
    return dims.length;
  }

  /** Number of elements. */
  public int size() {
    return data.capacity() / type.bytes();
  }

  /** The elements, read-only, little-endian, position 0. */
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  public TensorType tensorType() {
    return TensorType.of(type, dims);
  }

  /** One element as a number. */
  public double at(int index) {
    return switch (type) {
      case FLOAT32 -> data.getFloat(index * 4);
      case FLOAT64 -> data.getDouble(index * 8);
      case FLOAT16 -> Float.float16ToFloat(data.getShort(index * 2));
      case BFLOAT16 -> Float.intBitsToFloat(data.getShort(index * 2) << 16);
      case BOOL, UINT8, INT8, UINT16, INT16, INT32, INT64, UINT32, UINT64 -> longAt(index);
    };
  }

  /** One element as an integer; a fraction is cut off. */
  public long longAt(int index) {
    return switch (type) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> (long) at(index);
      case BOOL -> data.get(index) != 0 ? 1 : 0;
      case UINT8 -> data.get(index) & 0xffL;
      case INT8 -> data.get(index);
      case UINT16 -> data.getShort(index * 2) & 0xffffL;
      case INT16 -> data.getShort(index * 2);
      case UINT32 -> data.getInt(index * 4) & 0xffffffffL;
      case INT32 -> data.getInt(index * 4);
      case INT64, UINT64 -> data.getLong(index * 8);
    };
  }

  /** A copy of all elements as floats. */
  public float[] floats() {
    float[] values = new float[size()];
    if (type == ElementType.FLOAT32) {
      data().asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) at(i);
      }
    }
    return values;
  }

  /** A copy of all elements as doubles. */
  public double[] doubles() {
    double[] values = new double[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = at(i);
    }
    return values;
  }

  /** A copy of all elements as integers. */
  public long[] longs() {
    long[] values = new long[size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = longAt(i);
    }
    return values;
  }

  /** Whether both have the same type, dimensions and bytes. */
  public boolean sameAs(HostTensor other) {
    return type == other.type && Arrays.equals(dims, other.dims) && data().equals(other.data());
  }

  @Override
  public String toString() {
    return tensorType().toString();
  }

  private static long elements(long[] dims) {
    long elements = 1;
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("tensor dimension " + dim + " is negative");
      }
      elements = Math.multiplyExact(elements, dim);
    }
    return elements;
  }
}
