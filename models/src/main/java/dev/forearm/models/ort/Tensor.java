package dev.forearm.models.ort;

import dev.forearm.models.ModelsFault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An n-dimensional array, row-major, in memory outside the Java heap, with the native handle that
 * ONNX Runtime knows it by. Made by {@link OrtRuntime#allocate}, {@link OrtRuntime#wrap} or, on a
 * GPU, {@link InferenceSession#allocateOnDevice}. Its maker closes it, after every binding and
 * session that uses it. One thread at a time.
 */
public final class Tensor implements AutoCloseable {
  private final OrtRuntime runtime;
  private final Provider place;
  private final ElementType type;
  private final long[] shape;
  private final MemorySegment memory;
  private final Runnable release;
  private long handle;

  Tensor(
      OrtRuntime runtime,
      Provider place,
      ElementType type,
      long[] shape,
      MemorySegment memory,
      long handle,
      Runnable release) {
    this.runtime = runtime;
    this.place = place;
    this.type = type;
    this.shape = shape;
    this.memory = memory;
    this.handle = handle;
    this.release = release;
  }

  /**
   * Number of elements of a shape.
   *
   * @throws IllegalArgumentException if a size is negative or the product overflows
   */
  public static long elements(long... shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is negative");
      }
      try {
        count = Math.multiplyExact(count, size);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " is too big", e);
      }
    }
    return count;
  }

  public ElementType type() {
    return type;
  }

  /** Sizes, outermost first. */
  public List<Long> shape() {
    return Arrays.stream(shape).boxed().collect(Collectors.toUnmodifiableList());
  }

  /** Number of elements. */
  public long elements() {
    return elements(shape);
  }

  /** Which provider's memory it lies in. */
  public Provider place() {
    return place;
  }

  /**
   * The elements as native memory, row-major, native byte order.
   *
   * @throws IllegalStateException if the tensor lies in device memory
   */
  public MemorySegment memory() {
    if (place != Provider.CPU) {
      throw new IllegalStateException("a tensor in " + place + " memory cannot be read by Java");
    }
    return memory;
  }

  /** Element {@code index} of a FLOAT32 tensor. */
  public float getFloat(long index) {
    return memory().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
  }

  /** Sets element {@code index} of a FLOAT32 tensor. */
  public void setFloat(long index, float value) {
    memory().setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, value);
  }

  /** Fills a FLOAT32 tensor from {@code source}, which has as many elements. */
  public void copyFrom(float[] source) {
    require(ElementType.FLOAT32, source.length);
    MemorySegment.copy(source, 0, memory(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, source.length);
  }

  /** Copies a FLOAT32 tensor into {@code target}, which has as many elements. */
  public void copyTo(float[] target) {
    require(ElementType.FLOAT32, target.length);
    MemorySegment.copy(memory(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, target, 0, target.length);
  }

  /** Fills an INT64 tensor from {@code source}, which has as many elements. */
  public void copyFrom(long[] source) {
    require(ElementType.INT64, source.length);
    MemorySegment.copy(source, 0, memory(), ValueLayout.JAVA_LONG_UNALIGNED, 0, source.length);
  }

  /**
   * Copies all elements from another tensor of the same type and shape, to or from a device if
   * either lies there.
   *
   * @throws IllegalArgumentException if type or shape differ
   */
  public void copyFrom(Tensor source) {
    if (source.type != type || !Arrays.equals(source.shape, shape)) {
      throw new IllegalArgumentException("cannot copy " + source + " into " + this);
    }
    if (place == Provider.CPU && source.place == Provider.CPU) {
      memory.copyFrom(source.memory);
    } else {
      runtime.copy(source, this);
    }
  }

  @Override
  public String toString() {
    return type + " " + Arrays.toString(shape) + (place == Provider.CPU ? "" : " on " + place);
  }

  /** Releases the handle, and the memory if the tensor owns it. */
  @Override
  public void close() {
    if (handle != 0) {
      runtime.api().releaseValue(handle);
      handle = 0;
      release.run();
    }
  }

  /** The {@code OrtValue*}. */
  long handle() {
    if (handle == 0) {
      throw new IllegalStateException("the tensor is closed");
    }
    return handle;
  }

  OrtRuntime runtime() {
    return runtime;
  }

  private void require(ElementType wanted, int length) {
    if (type != wanted || elements() != length) {
      throw new ModelsFault(
          "copy tensor: found %s, wanted %s with %s elements".formatted(this, wanted, length));
    }
  }
}
