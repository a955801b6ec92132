package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Shapes of matrix products, Einsum, Attention and recurrent layers. */
final class ShapeRulesOfProducts {
  private ShapeRulesOfProducts() {}

  static void register(OperatorTable<ShapeRule> rules) {
    rules.put("MatMul", ShapeRulesOfProducts::matMul);
    rules.put("Gemm", ShapeRulesOfProducts::gemm);
    rules.put("Einsum", ShapeRulesOfProducts::einsum);
    rules.put("Attention", ShapeRulesOfProducts::attention);
    rules.put("RNN", c -> recurrent(c, 1));
    rules.put("GRU", c -> recurrent(c, 1));
    rules.put("LSTM", c -> recurrent(c, 2));
  }

  private static void matMul(Inference c) {
    c.sameType(0, 1);
    List<Dim> a = c.dims(0);
    List<Dim> b = c.dims(1);
    if (a == null || b == null) {
      c.outLike(0, 0, null);
      return;
    }
    if (a.isEmpty() || b.isEmpty()) {
      throw c.fault("found a scalar, wanted vectors or matrices");
    }
    Dim inner = b.get(Math.max(0, b.size() - 2));
    if (inner instanceof Dim.Known
        && a.getLast() instanceof Dim.Known
        && !inner.equals(a.getLast())) {
      throw c.fault("found inner sizes " + a.getLast() + " and " + inner + ", wanted equal ones");
    }
    List<Dim> result =
        new ArrayList<>(
            c.broadcast(
                a.subList(0, Math.max(0, a.size() - 2)), b.subList(0, Math.max(0, b.size() - 2))));
    if (a.size() > 1) {
      result.add(a.get(a.size() - 2));
    }
    if (b.size() > 1) {
      result.add(b.getLast());
    }
    c.outLike(0, 0, result);
  }

  private static void gemm(Inference c) {
    c.sameType(0, 1);
    List<Dim> a = c.dims(0);
    List<Dim> b = c.dims(1);
    Dim rows = a == null ? Dim.unknown() : a.get(c.node.integer("transA", 0) == 0 ? 0 : 1);
    Dim columns = b == null ? Dim.unknown() : b.get(c.node.integer("transB", 0) == 0 ? 1 : 0);
    c.outLike(0, 0, List.of(rows, columns));
  }

  private static void einsum(Inference c) {
    List<List<Dim>> shapes = new ArrayList<>();
    for (int i = 0; i < c.node.inputs().size(); i++) {
      List<Dim> dims = c.dims(i);
      if (dims == null) {
        c.outLike(0, 0, null);
        return;
      }
      shapes.add(dims);
    }
    EinsumSubscripts subscripts =
        EinsumSubscripts.parse(
            c.node.text("equation", ""), shapes.stream().map(List::size).toList());
    List<Dim> result = new ArrayList<>();
    for (char letter : subscripts.output().toCharArray()) {
      Dim size = Dim.of(1);
      for (int i = 0; i < shapes.size(); i++) {
        int at = subscripts.inputs().get(i).indexOf(letter);
        if (at >= 0) {
          Dim both = DimMath.broadcast(size, shapes.get(i).get(at));
          size = both == null ? size : both;
        }
      }
      result.add(size);
    }
    c.outLike(0, 0, result);
  }

  private static void attention(Inference c) {
    TensorType q = c.in(0);
    List<Dim> query = c.dims(0);
    List<Dim> value = c.dims(2);
    if (q == null || query == null || value == null) {
      return;
    }
    List<Dim> result = new ArrayList<>(query);
    if (query.size() == 4) {
      result.set(3, value.get(3));
    } else {
      Dim heads = Dim.of(c.node.integer("q_num_heads", 1));
      Dim keyHeads = Dim.of(c.node.integer("kv_num_heads", 1));
      result.set(2, DimMath.multiply(DimMath.divide(value.get(2), keyHeads), heads));
    }
    c.out(0, q.type(), result);
  }

  private static void recurrent(Inference c, int states) {
    List<Dim> x = c.dims(0);
    List<Dim> weights = c.dims(2);
    if (x == null || weights == null) {
      return;
    }
    Dim directions = weights.get(0);
    Dim hidden = weights.get(2);
    boolean batchFirst = c.node.integer("layout", 0) == 1;
    Dim batch = x.get(batchFirst ? 0 : 1);
    Dim steps = x.get(batchFirst ? 1 : 0);
    c.outLike(
        0,
        0,
        batchFirst
            ? List.of(batch, steps, directions, hidden)
            : List.of(steps, directions, batch, hidden));
    for (int i = 1; i <= states; i++) {
      c.outLike(
          i,
          0,
          batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden));
    }
  }
}
