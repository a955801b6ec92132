package dev.forearm.models.train;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.TensorType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gives a graph's open batch a size, so that shapes are known and need no computing. */
public final class FixedRows {
  private FixedRows() {}

  /**
   * A copy in which every dimension that is the open first dimension of an input is {@code rows}.
   */
  public static Graph of(Graph forward, int rows) {
    Graph graph = forward.copy();
    Set<String> batches = new HashSet<>();
    for (TensorType type : graph.inputs().values()) {
      List<Dim> dims = type.dims();
      if (dims != null && !dims.isEmpty() && dims.getFirst() instanceof Dim.Symbol(String name)) {
        batches.add(name);
      }
    }
    graph.inputs().replaceAll((_, type) -> fixed(type, batches, rows));
    graph.hints().replaceAll((_, type) -> fixed(type, batches, rows));
    return graph;
  }

  private static TensorType fixed(TensorType type, Set<String> batches, int rows) {
    List<Dim> dims = type.dims();
    if (dims == null) {
      return type;
    }
    return new TensorType(
        type.type(),
        dims.stream().map(dim -> batches.contains(dim.toString()) ? Dim.of(rows) : dim).toList());
  }
}
