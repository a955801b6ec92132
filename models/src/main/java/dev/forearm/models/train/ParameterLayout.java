package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each trainable parameter lies in one vector of float32.
 *
 * <pre>
 *   | slot 0 ......... pad | slot 1 ... pad | slot 2 ...
 *   ^ offset 0             ^ offset, a multiple of 16 floats (64 bytes, one cache line)
 * </pre>
 *
 * The padding is zero and stays zero: its gradient is zero.
 */
public final class ParameterLayout {
  private static final long ALIGN_FLOATS = 16;

  private final Map<String, Slot> slots;
  private final long length;
  private final long parameterCount;

  private ParameterLayout(Map<String, Slot> slots, long length, long parameterCount) {
    this.slots = slots;
    this.length = length;
    this.parameterCount = parameterCount;
  }

  /**
   * One parameter.
   *
   * @param name its initializer name in the graph
   * @param shape its dimensions, none for a scalar
   * @param offset of its first element in the vector, in floats
   * @param count of its elements
   */
  public record Slot(String name, List<Long> shape, long offset, long count) {
    public Slot {
      shape = List.copyOf(shape);
    }
  }

  /**
   * Lays parameters end to end in the map's order.
   *
   * @throws ModelsFault if there are none or a dimension is not fixed
   */
  public static ParameterLayout of(Map<String, List<Long>> shapes) {
    if (shapes.isEmpty()) {
      throw new ModelsFault(
          "training: no trainable parameter, wanted at least one; widen the trainable set");
    }
    Map<String, Slot> slots = new LinkedHashMap<>();
    long offset = 0;
    long total = 0;
    for (Map.Entry<String, List<Long>> entry : shapes.entrySet()) {
      long count = 1;
      for (long size : entry.getValue()) {
        if (size < 0) {
          throw new ModelsFault(
              "training: parameter '%s' has shape %s, wanted fixed dimensions; export it as an"
                      .formatted(entry.getKey(), entry.getValue())
                  + " initializer");
        }
        count = Math.multiplyExact(count, size);
      }
      slots.put(entry.getKey(), new Slot(entry.getKey(), entry.getValue(), offset, count));
      total += count;
      offset += (count + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
    }
    return new ParameterLayout(slots, offset, total);
  }

  /** All parameters in order. */
  public List<Slot> slots() {
    return List.copyOf(slots.values());
  }

  /**
   * The parameter of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Slot slot(String name) {
    Slot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException(
          "no trainable parameter '" + name + "' among " + slots.keySet());
    }
    return slot;
  }

  /** Floats in the vector, padding included. */
  public long length() {
    return length;
  }

  /** Trainable scalars, padding excluded. */
  public long parameterCount() {
    return parameterCount;
  }

  /** Whether both lay out the same names and shapes in the same order. */
  public boolean sameAs(ParameterLayout other) {
    return slots().equals(other.slots());
  }
}
