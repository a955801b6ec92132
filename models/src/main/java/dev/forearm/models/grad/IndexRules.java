package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.Emit;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import dev.forearm.models.ort.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Operators that pick or place elements.
 *
 * <p>Whatever only picks elements of its first input can be turned round in one way: let it pick
 * from the elements' own positions, then add each gradient to the position it was picked from.
 */
final class IndexRules {
  private static final long[] TWO = {2};

  private IndexRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("Gather", Rule.of(IndexRules::gather));
    t.put("GatherElements", Rule.of(IndexRules::gatherElements));
    t.put("GatherND", Rule.of(IndexRules::gatherNd));
    t.put("Slice", Rule.of(IndexRules::slice));
    t.put("Tile", Rule.of(IndexRules::selection));
    t.put("Compress", Rule.of(IndexRules::selection));
    t.put("ReverseSequence", Rule.of((b, o) -> ElementwiseRules.sameNodeOn(b, o, b.dy())));
    t.put("TopK", Rule.of(IndexRules::topK));
    t.put("OneHot", IndexRules::oneHot);
    t.put("Range", Rule.of(IndexRules::start, (b, o) -> o.zerosLike(b.x(1)), IndexRules::step));
    t.put("ScatterElements", IndexRules::scatterElements);
    t.put("ScatterND", IndexRules::scatterNd);
  }

  /** The general way: positions in, positions out, gradients added there. */
  static String selection(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String count = o.squeeze(elements(o, x), 0);
    String positions = o.reshape(o.op("Range", o.index(0), count, o.index(1)), o.shapeOf(x));
    String picked = pick(b, o, positions);
    String zeros = o.op("Expand", o.number(0, x), o.join(o.longs(1), elements(o, x)));
    String flat =
        o.node("ScatterElements", zeros, row(o, picked), row(o, b.dy()))
            .with("axis", 1L)
            .with("reduction", "add")
            .one();
    return o.reshape(flat, o.shapeOf(x));
  }

  /** All elements in one row, be there none. */
  private static String row(GraphBuilder o, String x) {
    return o.node("Flatten", x).with("axis", 0L).one();
  }

  /** The node at work on positions; a Pad that copies has no use for its padding value. */
  private static String pick(Backward b, GraphBuilder o, String positions) {
    if (!b.node().op().equals("Pad") || !b.node().hasInput(2)) {
      return ElementwiseRules.sameNodeOn(b, o, positions);
    }
    Emit pad = o.node("Pad", positions, b.x(1), "", b.node().input(3));
    b.node().attributes().forEach(pad::with);
    return pad.one();
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
    String index = o.cast(indices, ElementType.INT64);
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

  /** The values of cold and hot places get what stands there; which is hot is a decision. */
  private static void oneHot(Backward b, GraphBuilder o) {
    for (int decision = 0; decision < 2; decision++) {
      if (b.wants(decision)) {
        b.give(decision, o.zerosLike(b.x(decision)));
      }
    }
    if (b.wants(2)) {
      String flags = o.constant(HostTensor.ofValues(o.types().type(b.x(2)).type(), TWO, 0, 1));
      String hot =
          o.node("OneHot", b.x(0), b.x(1), flags).with("axis", b.node().integer("axis", -1)).one();
      String onHot = o.total(o.mul(b.dy(), hot));
      String onCold = o.sub(o.total(b.dy()), onHot);
      b.give(2, o.concat(0, o.unsqueeze(onCold, 0), o.unsqueeze(onHot, 0)));
    }
  }

  private static String start(Backward b, GraphBuilder o) {
    return o.total(b.dy());
  }

  /** Element i of a range lies i steps from its start. */
  private static String step(Backward b, GraphBuilder o) {
    String count = o.squeeze(elements(o, b.y()), 0);
    String steps = o.castLike(o.op("Range", o.index(0), count, o.index(1)), b.dy());
    return o.total(o.mul(b.dy(), steps));
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
        (into, updates, reduction) ->
            o.node("ScatterElements", into, b.x(1), updates)
                .with("axis", axis)
                .with("reduction", reduction)
                .one());
  }

  private static void scatterNd(Backward b, GraphBuilder o) {
    scatter(
        b,
        o,
        from -> o.op("GatherND", from, b.x(1)),
        (into, updates, reduction) ->
            o.node("ScatterND", into, b.x(1), updates).with("reduction", reduction).one());
  }

  /** Puts updates into a tensor at the node's indices. */
  @FunctionalInterface
  private interface Place {
    String at(String into, String updates, String reduction);
  }

  private static void scatter(Backward b, GraphBuilder o, UnaryOperator<String> pick, Place place) {
    String reduction = b.node().text("reduction", "none");
    switch (reduction) {
      case "none" -> {
        if (b.wants(0)) {
          b.give(0, place.at(b.dy(), o.zerosLike(b.x(2)), reduction));
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
        if (b.wants(0)) {
          String ones = o.op("Expand", o.number(1, b.x(0)), o.shapeOf(b.x(0)));
          b.give(0, o.mul(b.dy(), place.at(ones, b.x(2), reduction)));
        }
        if (b.wants(2)) {
          b.give(2, o.div(pick.apply(o.mul(b.dy(), b.y())), b.x(2)));
        }
      }
      case "max", "min" -> extreme(b, o, pick, place);
      default -> throw b.refuse("reduction '" + reduction + "' is unknown");
    }
  }

  /** Who holds the extreme gets the gradient; ties share it evenly, as PyTorch has it. */
  private static void extreme(Backward b, GraphBuilder o, UnaryOperator<String> pick, Place place) {
    String kept = o.castLike(o.op("Equal", b.x(0), b.y()), b.y());
    String put = o.castLike(o.op("Equal", b.x(2), pick.apply(b.y())), b.y());
    String share = o.div(b.dy(), place.at(kept, put, "add"));
    if (b.wants(0)) {
      b.give(0, o.mul(kept, share));
    }
    if (b.wants(2)) {
      b.give(2, o.mul(put, pick.apply(share)));
    }
  }
}
