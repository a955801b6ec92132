package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Operators that pick or place elements.
 *
 * <p>Whatever only picks elements of its first input can be turned round in one way: let it pick
 * from the elements' own positions, then add each gradient to the position it was picked from.
 */
final class IndexRules {
  private IndexRules() {}

  static void register(Map<String, Rule> t) {
    t.put("Gather", Rule.of(IndexRules::gather));
    t.put("GatherElements", Rule.of(IndexRules::gatherElements));
    t.put("GatherND", Rule.of(IndexRules::gatherNd));
    t.put("Slice", Rule.of(IndexRules::slice));
    t.put("Tile", Rule.of(IndexRules::selection));
    t.put("Compress", Rule.of(IndexRules::selection));
    t.put("ReverseSequence", Rule.of((b, o) -> ElementwiseRules.sameNodeOn(b, o, b.dy())));
    t.put("TopK", Rule.of(IndexRules::topK));
    t.put("ScatterElements", IndexRules::scatterElements);
    t.put("ScatterND", IndexRules::scatterNd);
  }

  /** The general way: positions in, positions out, gradients added there. */
  static String selection(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String count = o.squeeze(elements(o, x), 0);
    String positions = o.reshape(o.op("Range", o.index(0), count, o.index(1)), o.shapeOf(x));
    String picked = ElementwiseRules.sameNodeOn(b, o, positions);
    String zeros = o.op("Expand", o.number(0, x), elements(o, x));
    String flat =
        o.node("ScatterElements", zeros, o.reshape(picked, -1), o.reshape(b.dy(), -1))
            .with("axis", 0L)
            .with("reduction", "add")
            .one();
    return o.reshape(flat, o.shapeOf(x));
  }

  /** The number of elements as an int64 vector of one. */
  private static String elements(GraphBuilder o, String x) {
    long known = 1;
    for (Dim dim : o.types().dims(x)) {
      if (!(dim instanceof Dim.Known(long size))) {
        return o.reshape(o.op("Size", x), 1);
      }
      known *= size;
    }
    return o.longs(known);
  }

  /** Rows of a table, the embedding's case, are added row by row; other axes element by element. */
  private static String gather(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String indices = b.x(1);
    if (b.axis(b.node().integer("axis", 0), 0) != 0 || o.types().find(indices) == null) {
      return selection(b, o);
    }
    String index = o.cast(indices, dev.forearm.models.ort.ElementType.INT64);
    String rows = o.squeeze(o.dim(x, 0), 0);
    String front = o.op("Where", o.op("Less", index, o.index(0)), o.add(index, rows), index);
    return o.node("ScatterND", o.zerosLike(x), o.unsqueeze(front, -1), b.dy())
        .with("reduction", "add")
        .one();
  }

  private static String gatherElements(Backward b, GraphBuilder o) {
    return o.node("ScatterElements", o.zerosLike(b.x(0)), b.x(1), b.dy())
        .with("axis", b.node().integer("axis", 0))
        .with("reduction", "add")
        .one();
  }

  private static String gatherNd(Backward b, GraphBuilder o) {
    if (b.node().integer("batch_dims", 0) != 0) {
      return selection(b, o);
    }
    return o.node("ScatterND", o.zerosLike(b.x(0)), b.x(1), b.dy()).with("reduction", "add").one();
  }

  private static String topK(Backward b, GraphBuilder o) {
    return o.node("ScatterElements", o.zerosLike(b.x(0)), b.y(1), b.dy())
        .with("axis", b.node().integer("axis", -1))
        .with("reduction", "add")
        .one();
  }

  /** A cut of known place and step 1 is padded back; any other goes the general way. */
  private static String slice(Backward b, GraphBuilder o) {
    List<Dim> dims = o.types().dims(b.x(0));
    long[] starts = o.types().knownNumbers(b.x(1));
    long[] ends = o.types().knownNumbers(b.x(2));
    long[] axes = b.node().hasInput(3) ? o.types().knownNumbers(b.x(3)) : null;
    long[] steps = b.node().hasInput(4) ? o.types().knownNumbers(b.x(4)) : null;
    boolean open =
        (axes == null && b.node().hasInput(3))
            || (steps == null && b.node().hasInput(4))
            || (steps != null && Arrays.stream(steps).anyMatch(step -> step != 1));
    if (open || starts == null || ends == null) {
      return selection(b, o);
    }
    int rank = dims.size();
    long[] pads = new long[2 * rank];
    for (int i = 0; i < starts.length; i++) {
      int axis = axes == null ? i : b.axis(axes[i], 0);
      if (!(dims.get(axis) instanceof Dim.Known(long size))) {
        return selection(b, o);
      }
      long from = Math.clamp(starts[i] < 0 ? starts[i] + size : starts[i], 0, size);
      long to = Math.clamp(ends[i] < 0 ? ends[i] + size : ends[i], 0, size);
      pads[axis] = from;
      pads[axis + rank] = size - Math.max(from, to);
    }
    return o.op("Pad", b.dy(), o.longs(pads));
  }

  private static void scatterElements(Backward b, GraphBuilder o) {
    long axis = b.node().integer("axis", 0);
    scatter(
        b,
        o,
        from -> o.node("GatherElements", from, b.x(1)).with("axis", axis).one(),
        updates -> o.node("ScatterElements", b.dy(), b.x(1), updates).with("axis", axis).one());
  }

  private static void scatterNd(Backward b, GraphBuilder o) {
    scatter(
        b,
        o,
        from -> o.op("GatherND", from, b.x(1)),
        updates -> o.op("ScatterND", b.dy(), b.x(1), updates));
  }

  private static void scatter(
      Backward b,
      GraphBuilder o,
      java.util.function.UnaryOperator<String> pick,
      java.util.function.UnaryOperator<String> place) {
    switch (b.node().text("reduction", "none")) {
      case "none" -> {
        if (b.wants(0)) {
          b.give(0, place.apply(o.zerosLike(b.x(2))));
        }
        if (b.wants(2)) {
          b.give(2, pick.apply(b.dy()));
        }
      }
      case "add" -> {
        if (b.wants(0)) {
          b.give(0, b.dy());
        }
        if (b.wants(2)) {
          b.give(2, pick.apply(b.dy()));
        }
      }
      case "mul" -> {
        String product = o.mul(b.dy(), b.y());
        if (b.wants(0)) {
          b.give(0, o.div(product, b.x(0)));
        }
        if (b.wants(2)) {
          b.give(2, o.div(pick.apply(product), b.x(2)));
        }
      }
      case "max", "min" -> {
        if (b.wants(0)) {
          b.give(0, o.mask(o.op("Equal", b.x(0), b.y()), b.dy()));
        }
        if (b.wants(2)) {
          String chosen = o.op("Equal", b.x(2), pick.apply(b.y()));
          b.give(2, o.mask(chosen, pick.apply(b.dy())));
        }
      }
      default -> throw b.refuse("reduction '" + b.node().text("reduction", "") + "' is unknown");
    }
  }
}
