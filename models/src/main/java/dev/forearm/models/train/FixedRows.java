package dev.forearm.models.train;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Gives a graph's open dimensions a size, so that shapes are known and need no computing. */
public final class FixedRows {
  private FixedRows() {}

  /**
   * A copy in which every dimension that is the open first dimension of an input is {@code rows}.
   */
  public static Graph of(Graph forward, int rows) {
    return of(forward, rows, Map.of());
  }

  /**
   * As {@link #of(Graph, int)}; other open dimensions of inputs get the size that the data have.
   *
   * @param data dimensions of the data by input name, rows first
   * @throws ModelsFault if one symbol would have two sizes
   */
  public static Graph of(Graph forward, int rows, Map<String, long[]> data) {
    Graph graph = forward.copy();
    Map<String, Long> sizes = new HashMap<>();
    for (TensorType type : graph.inputs().values()) {
      List<Dim> dims = type.dims();
      if (dims != null && !dims.isEmpty() && dims.getFirst() instanceof Dim.Symbol(String name)) {
        sizes.put(name, (long) rows);
      }
    }
    graph.inputs().forEach((name, type) -> bind(forward, name, type, data.get(name), sizes));
    graph.inputs().replaceAll((_, type) -> fixed(type, sizes));
    graph.outputs().replaceAll((_, type) -> fixed(type, sizes));
    graph.hints().replaceAll((_, type) -> fixed(type, sizes));
    return graph;
  }

  /** The number of rows that all of a graph's inputs have, where it is the same fixed number. */
  public static OptionalInt fixed(Graph forward) {
    long rows = -1;
    for (TensorType type : forward.inputs().values()) {
      List<Dim> dims = type.dims();
      if (dims == null || dims.isEmpty()) {
        continue;
      }
      long first = dims.getFirst().orUnknown();
      if (first < 1 || (rows > 0 && first != rows)) {
        return OptionalInt.empty();
      }
      rows = first;
    }
    return rows < 1 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(rows));
  }

  private static void bind(
      Graph graph, String input, TensorType type, long @Nullable [] data, Map<String, Long> sizes) {
    List<Dim> dims = type.dims();
    if (dims == null || data == null || data.length != dims.size()) {
      return; // the example's check says what is wrong
    }
    for (int i = 1; i < data.length; i++) {
      if (dims.get(i) instanceof Dim.Symbol(String name)) {
        Long other = sizes.putIfAbsent(name, data[i]);
        if (other != null && other != data[i]) {
          throw new ModelsFault(
              "fix the sizes of %s: dimension '%s' is %s elsewhere, but %s in the data of '%s'; give data of one size, or export other names"
                  .formatted(graph.source(), name, other, data[i], input));
        }
      }
    }
  }

  private static TensorType fixed(TensorType type, Map<String, Long> sizes) {
    List<Dim> dims = type.dims();
    if (dims == null) {
      return type;
    }
    return new TensorType(
        type.type(),
        dims.stream()
            .map(dim -> {
              Long size = sizes.get(dim.toString());
              return size == null ? dim : Dim.of(size);
            })
            .toList());
  }
}
