package dev.forearm.models.grad;

import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.Arrays;

/** Sums, means, extremes, norms and products over axes, and running sums. */
final class ReduceRules {
  private ReduceRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("ReduceSum", Rule.of((b, o) -> spread(b, o, keep(b, o, b.dy()))));
    t.put("ReduceMean", Rule.of(ReduceRules::mean));
    t.put("ReduceMax", Rule.of(ReduceRules::extreme));
    t.put("ReduceMin", Rule.of(ReduceRules::extreme));
    t.put("ReduceProd", Rule.of(ReduceRules::product));
    t.put("ReduceL1", Rule.of((b, o) -> o.mul(keep(b, o, b.dy()), o.op("Sign", b.x(0)))));
    t.put("ReduceL2", Rule.of(ReduceRules::l2));
    t.put("ReduceSumSquare", Rule.of((b, o) -> o.mul(keep(b, o, b.dy()), o.scale(b.x(0), 2))));
    t.put(
        "ReduceLogSum",
        Rule.of((b, o) -> spread(b, o, keep(b, o, o.div(b.dy(), o.op("Exp", b.y()))))));
    t.put(
        "ReduceLogSumExp",
        Rule.of(
            (b, o) -> o.mul(keep(b, o, b.dy()), o.op("Exp", o.sub(b.x(0), keep(b, o, b.y()))))));
    t.put("CumSum", Rule.of(ReduceRules::runningSum));
  }

  /** Puts the reduced axes back, with size 1. */
  private static String keep(Backward b, GraphBuilder o, String reduced) {
    long[] axes = b.node().hasInput(1) ? o.types().knownNumbers(b.x(1)) : new long[0];
    boolean none = axes != null && axes.length == 0;
    boolean all = none && b.node().integer("noop_with_empty_axes", 0) == 0;
    if (b.node().integer("keepdims", 1) != 0 || (none && !all)) {
      return reduced;
    }
    if (all) {
      long[] ones = new long[o.rank(b.x(0))];
      Arrays.fill(ones, 1);
      return o.reshape(reduced, ones);
    }
    return o.op("Unsqueeze", reduced, b.x(1));
  }

  private static String spread(Backward b, GraphBuilder o, String kept) {
    return o.expandLike(kept, b.x(0));
  }

  private static String mean(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String share = o.div(o.count(b.y(), x), o.count(x, x));
    return spread(b, o, keep(b, o, o.mul(b.dy(), share)));
  }

  /** Ties share the gradient evenly, as PyTorch's amax and amin do. */
  private static String extreme(Backward b, GraphBuilder o) {
    String holds = o.castLike(o.op("Equal", b.x(0), keep(b, o, b.y())), b.x(0));
    String holders = ElementwiseRules.sameNodeOn(b, o, holds, "ReduceSum");
    return o.mul(keep(b, o, o.div(b.dy(), holders)), holds);
  }

  /** Exact with zeros too: one zero leaves the product of the others, two leave nothing. */
  private static String product(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String zero = o.op("Equal", x, o.number(0, x));
    String safe = o.op("Where", zero, o.number(1, x), x);
    String zeros = keep(b, o, ElementwiseRules.sameNodeOn(b, o, o.castLike(zero, x), "ReduceSum"));
    String others = keep(b, o, ElementwiseRules.sameNodeOn(b, o, safe, "ReduceProd"));
    String none = o.op("Equal", zeros, o.number(0, zeros));
    String single = o.op("And", zero, o.op("Equal", zeros, o.number(1, zeros)));
    String usual = o.mask(none, o.div(others, safe));
    String rescued = o.mask(single, others);
    return o.mul(keep(b, o, b.dy()), o.add(usual, rescued));
  }

  private static String l2(Backward b, GraphBuilder o) {
    String y = keep(b, o, b.y());
    String zero = o.op("Equal", y, o.number(0, y));
    String safe = o.op("Where", zero, o.number(1, y), y);
    return o.mul(keep(b, o, b.dy()), o.div(b.x(0), safe));
  }

  private static String runningSum(Backward b, GraphBuilder o) {
    return o.node("CumSum", b.dy(), b.x(1))
        .with("exclusive", b.node().integer("exclusive", 0))
        .with("reverse", 1 - b.node().integer("reverse", 0))
        .one();
  }
}
