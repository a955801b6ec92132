package dev.forearm.models.onnx;

import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Element type and shape of a value.
 *
 * @param type element type
 * @param dims dimensions, outermost first; null where not even the rank is known
 */
public record TensorType(ElementType type, @Nullable List<Dim> dims) {
  /** More axes than any runtime takes: a bound on what a hostile file can ask for. */
  public static final int MOST_AXES = 64;

  /** More elements than any policy's tensor has, likewise. */
  public static final long MOST_ELEMENTS = 1L << 31;

  public TensorType {
    dims = dims == null ? null : List.copyOf(dims);
  }

  /**
   * What makes this type absurd, too many axes or too many elements along its known axes, or the
   * empty text.
   */
  public String absurdity() {
    if (rank() > MOST_AXES) {
      return rank() + " axes, wanted at most " + MOST_AXES;
    }
    long elements = 1;
    for (Dim dim : dims == null ? List.<Dim>of() : dims) {
      if (dim instanceof Dim.Known(long size) && size > 0) {
        if (elements > MOST_ELEMENTS / size) {
          return "shape " + dims + ", wanted at most " + MOST_ELEMENTS + " elements";
        }
        elements *= size;
      }
    }
    return "";
  }

  /** A type whose dimensions are all known. */
  public static TensorType of(ElementType type, long... dims) {
    List<Dim> list = new ArrayList<>(dims.length);
    for (long dim : dims) {
      list.add(Dim.of(dim));
    }
    return new TensorType(type, list);
  }

  /** The number of dimensions, or -1 where it is unknown. */
  public int rank() {
    return dims == null ? -1 : dims.size();
  }

  /** Whether rank and every dimension are known. */
  public boolean isStatic() {
    return dims != null && dims.stream().allMatch(Dim.Known.class::isInstance);
  }

  /** All dimensions as numbers, -1 for those known only at run time; null for an unknown rank. */
  public long @Nullable [] sizes() {
    return dims == null ? null : dims.stream().mapToLong(Dim::orUnknown).toArray();
  }

  @Override
  public String toString() {
    String name = type.name().toLowerCase(Locale.ROOT);
    if (dims == null) {
      return name + "[*]";
    }
    StringBuilder text = new StringBuilder(name).append('[');
    for (int i = 0; i < dims.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(dims.get(i));
    }
    return text.append(']').toString();
  }
}
