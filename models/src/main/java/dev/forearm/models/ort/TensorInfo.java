package dev.forearm.models.ort;

import java.util.List;

/**
 * What a graph says of one input or output.
 *
 * @param name unique among the inputs or outputs
 * @param type element type
 * @param dimensions sizes, -1 where the graph leaves one open
 * @param symbols names of open dimensions, empty where a dimension is fixed or unnamed
 */
public record TensorInfo(
    String name, ElementType type, List<Long> dimensions, List<String> symbols) {
  public TensorInfo {
    dimensions = List.copyOf(dimensions);
    symbols = List.copyOf(symbols);
  }

  /** Whether a tensor of this type and shape may be bound here. */
  public boolean admits(ElementType other, List<Long> shape) {
    if (other != type || shape.size() != dimensions.size()) {
      return false;
    }
    for (int i = 0; i < shape.size(); i++) {
      long wanted = dimensions.get(i);
      if (wanted >= 0 && wanted != shape.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** For messages: {@code observation: FLOAT32 [batch, 30]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(": ").append(type).append(" [");
    for (int i = 0; i < dimensions.size(); i++) {
      long size = dimensions.get(i);
      String symbol = symbols.get(i);
      text.append(i == 0 ? "" : ", ");
      text.append(size >= 0 ? Long.toString(size) : symbol.isEmpty() ? "?" : symbol);
    }
    return text.append(']').toString();
  }
}
