package dev.forearm.models.grad;

import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.ArrayList;
import java.util.List;

/** Operators that reshape, turn, join, cut or repeat without computing anything. */
final class LayoutRules {
  private LayoutRules() {}

  static void register(OperatorTable<Rule> t) {
    Rule reshape = Rule.of((b, o) -> o.reshapeLike(b.dy(), b.x(0)));
    for (String op : List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze")) {
      t.put(op, reshape);
    }
    t.put("Transpose", Rule.of(LayoutRules::transpose));
    t.put("Concat", LayoutRules::concat);
    t.put("Split", Rule.of(LayoutRules::split));
    t.put("Expand", Rule.of((b, o) -> b.dy()));
    t.put("Pad", LayoutRules::pad);
    t.put("DepthToSpace", Rule.of((b, o) -> depthToSpace(b, o, b.dy())));
    t.put("SpaceToDepth", Rule.of(LayoutRules::spaceToDepth));
  }

  private static String transpose(Backward b, GraphBuilder o) {
    int rank = o.rank(b.x(0));
    long[] perm = b.node().integers("perm");
    long[] inverse = new long[rank];
    for (int i = 0; i < rank; i++) {
      inverse[perm == null ? rank - 1 - i : (int) perm[i]] = i;
    }
    return o.transpose(b.dy(), inverse);
  }

  private static void concat(Backward b, GraphBuilder o) {
    int axis = b.axis(b.node().integer("axis", 0), 0);
    int n = b.node().inputs().size();
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      sizes.add(o.dim(b.x(i), axis));
    }
    List<String> parts =
        n == 1
            ? List.of(b.dy())
            : o.node("Split", b.dy(), o.join(sizes)).with("axis", (long) axis).many(n);
    for (int i = 0; i < n; i++) {
      if (b.wants(i)) {
        b.give(i, parts.get(i));
      }
    }
  }

  private static String split(Backward b, GraphBuilder o) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < b.node().outputs().size(); i++) {
      parts.add(b.dy(i));
    }
    return o.concat(b.node().integer("axis", 0), parts);
  }

  /**
   * Cuts off what was padded; edges that were copied inwards get their copies' gradients too. The
   * padding value gets what is cut off.
   */
  private static void pad(Backward b, GraphBuilder o) {
    if (!b.node().text("mode", "constant").equals("constant")) {
      b.give(0, IndexRules.selection(b, o));
      return;
    }
    List<String> inputs = new ArrayList<>(List.of(b.dy(), o.neg(b.x(1))));
    if (b.node().hasInput(3)) {
      inputs.add("");
      inputs.add(b.x(3));
    }
    String inner = o.node("Pad", inputs).one();
    if (b.wants(0)) {
      b.give(0, inner);
    }
    if (b.wants(2)) {
      b.give(2, o.reshapeLike(o.sub(o.total(b.dy()), o.total(inner)), b.x(2)));
    }
  }

  /** N, C/b^2, H*b, W*b back to N, C, H, W. */
  private static String depthToSpace(Backward b, GraphBuilder o, String dy) {
    long block = b.node().integer("blocksize", 1);
    boolean columns = b.node().text("mode", "DCR").equals("CRD");
    String height = o.dim(b.x(0), 2);
    String width = o.dim(b.x(0), 3);
    String batch = o.dim(b.x(0), 0);
    String shape = o.join(batch, o.longs(-1), height, o.longs(block), width, o.longs(block));
    String cells = o.reshape(dy, shape);
    String turned =
        columns ? o.transpose(cells, 0, 1, 3, 5, 2, 4) : o.transpose(cells, 0, 3, 5, 1, 2, 4);
    return o.reshapeLike(turned, b.x(0));
  }

  private static String spaceToDepth(Backward b, GraphBuilder o) {
    long block = b.node().integer("blocksize", 1);
    String y = b.y();
    String shape = o.concat(0, o.dim(y, 0), o.longs(block, block, -1), o.dim(y, 2), o.dim(y, 3));
    String cells = o.reshape(b.dy(), shape);
    return o.reshapeLike(o.transpose(cells, 0, 3, 4, 1, 5, 2), b.x(0));
  }
}
