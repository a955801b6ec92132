package dev.forearm.models.safetensors;

import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One named tensor's type, shape and bytes, row-major, little-endian.
 *
 * @param type element type
 * @param shape sizes, outermost first
 * @param data exactly the tensor's bytes; owned by whoever made the view
 */
public record TensorView(ElementType type, List<Long> shape, MemorySegment data) {
  public TensorView {
    shape = List.copyOf(shape);
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    long bytes = Math.multiplyExact(Tensor.elements(sizes), type.bytes());
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "%s %s takes %s bytes, found %s".formatted(type, shape, bytes, data.byteSize()));
    }
  }

  /** The content of a tensor that Java can read. */
  public static TensorView of(Tensor tensor) {
    return new TensorView(tensor.type(), tensor.shape(), tensor.memory());
  }

  /** The shape as an array. */
  public long[] sizes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
