package dev.forearm.models.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * One float32 for each trainable scalar, outside the heap: the weights, their gradients, a moment
 * of the optimizer or an average. Lives as long as its arena; one thread at a time.
 */
public final class ParameterVector {
  static final int CACHE_LINE_BYTES = 64;

  private final ParameterLayout layout;
  private final MemorySegment memory;

  /** A vector of zeros. */
  public ParameterVector(ParameterLayout layout, Arena arena) {
    this.layout = layout;
    this.memory = arena.allocate(layout.length() * Float.BYTES, CACHE_LINE_BYTES);
  }

  public ParameterLayout layout() {
    return layout;
  }

  /** The whole vector, padding included. */
  public MemorySegment memory() {
    return memory;
  }

  /** The elements of one parameter, row-major. */
  public MemorySegment slice(ParameterLayout.Slot slot) {
    return memory.asSlice(slot.offset() * Float.BYTES, slot.count() * Float.BYTES);
  }

  /** The elements of one parameter by name, row-major. */
  public MemorySegment slice(String name) {
    return slice(layout.slot(name));
  }

  /** Copies all of {@code other}, which has the same layout. */
  public void set(ParameterVector other) {
    memory.copyFrom(other.memory);
  }

  /** The first parameter that holds a number that is not finite. */
  Optional<String> firstNotFinite() {
    for (ParameterLayout.Slot slot : layout.slots()) {
      for (long i = slot.offset(); i < slot.offset() + slot.count(); i++) {
        if (!Float.isFinite(memory.getAtIndex(JAVA_FLOAT, i))) {
          return Optional.of(slot.name());
        }
      }
    }
    return Optional.empty();
  }

  /** A copy of one parameter on the heap, row-major. */
  public float[] read(String name) {
    return slice(name).toArray(JAVA_FLOAT);
  }

  /**
   * Sets one parameter from the heap.
   *
   * @throws IllegalArgumentException if the number of elements differs
   */
  public void write(String name, float[] values) {
    MemorySegment slice = slice(name);
    if (values.length * (long) Float.BYTES != slice.byteSize()) {
      throw new IllegalArgumentException(
          "parameter '%s' has %s elements, given %s"
              .formatted(name, slice.byteSize() / Float.BYTES, values.length));
    }
    slice.copyFrom(MemorySegment.ofArray(values));
  }
}
