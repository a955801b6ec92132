package dev.forearm.models.grad;

import dev.forearm.models.onnx.build.EinsumSubscripts;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.ArrayList;
import java.util.List;

/** Matrix products and Einsum. */
final class LinearRules {
  private LinearRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("MatMul", LinearRules::matMul);
    t.put("Gemm", LinearRules::gemm);
    t.put("Einsum", LinearRules::einsum);
  }

  private static void matMul(Backward b, GraphBuilder o) {
    int rankA = o.rank(b.x(0));
    int rankB = o.rank(b.x(1));
    if (rankB == 2 && rankA >= 2) {
      layer(b, o, rankA);
      return;
    }
    String a = rankA == 1 ? o.unsqueeze(b.x(0), 0) : b.x(0);
    String w = rankB == 1 ? o.unsqueeze(b.x(1), 1) : b.x(1);
    String dy = b.dy();
    if (rankB == 1) {
      dy = o.unsqueeze(dy, -1);
    }
    if (rankA == 1) {
      dy = o.unsqueeze(dy, -2);
    }
    if (b.wants(0)) {
      String da = o.op("MatMul", dy, o.swap(w));
      b.give(0, rankA == 1 ? o.squeeze(da, -2) : da);
    }
    if (b.wants(1)) {
      String dw = o.op("MatMul", o.swap(a), dy);
      b.give(1, rankB == 1 ? o.squeeze(dw, -1) : dw);
    }
  }

  /** Rows times one matrix: both gradients are one Gemm over all rows. */
  private static void layer(Backward b, GraphBuilder o, int rankA) {
    String dy = rankA == 2 ? b.dy() : o.node("Flatten", b.dy()).with("axis", rankA - 1L).one();
    if (b.wants(0)) {
      String da = o.node("Gemm", dy, b.x(1)).with("transB", 1L).one();
      b.give(0, o.reshapeLike(da, b.x(0)));
    }
    if (b.wants(1)) {
      String rows = rankA == 2 ? b.x(0) : o.node("Flatten", b.x(0)).with("axis", rankA - 1L).one();
      b.give(1, o.node("Gemm", rows, dy).with("transA", 1L).one());
    }
  }

  private static void gemm(Backward b, GraphBuilder o) {
    long transA = b.node().integer("transA", 0);
    long transB = b.node().integer("transB", 0);
    float alpha = b.node().real("alpha", 1);
    if (b.wants(0)) {
      b.give(
          0,
          transA == 0
              ? gemm(o, b.dy(), b.x(1), 0, 1 - transB, alpha)
              : gemm(o, b.x(1), b.dy(), transB, 1, alpha));
    }
    if (b.wants(1)) {
      b.give(
          1,
          transB == 0
              ? gemm(o, b.x(0), b.dy(), 1 - transA, 0, alpha)
              : gemm(o, b.dy(), b.x(0), 1, transA, alpha));
    }
    if (b.wants(2)) {
      b.give(2, o.scale(b.dy(), b.node().real("beta", 1)));
    }
  }

  private static String gemm(
      GraphBuilder o, String a, String b, long transA, long transB, float alpha) {
    return o.node("Gemm", a, b)
        .with("transA", transA)
        .with("transB", transB)
        .with("alpha", alpha)
        .one();
  }

  /**
   * The gradient of one operand is the Einsum of the output's gradient with the other operands;
   * letters that only this operand has were summed away, so the gradient repeats along them.
   */
  private static void einsum(Backward b, GraphBuilder o) {
    int n = b.node().inputs().size();
    List<Integer> ranks = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      ranks.add(o.rank(b.x(i)));
    }
    EinsumSubscripts letters = EinsumSubscripts.parse(b.node().text("equation", ""), ranks);
    for (int i = 0; i < n; i++) {
      if (b.wants(i)) {
        b.give(i, einsumOperand(b, o, letters, i));
      }
    }
  }

  private static String einsumOperand(
      Backward b, GraphBuilder o, EinsumSubscripts letters, int operand) {
    List<String> terms = new ArrayList<>(List.of(letters.output()));
    List<String> values = new ArrayList<>(List.of(b.dy()));
    for (int i = 0; i < letters.inputs().size(); i++) {
      if (i != operand) {
        terms.add(letters.inputs().get(i));
        values.add(b.x(i));
      }
    }
    String own = offDiagonal(b, o, letters, operand, terms, values);
    String seen = String.join("", terms);
    StringBuilder target = new StringBuilder();
    List<Long> repeated = new ArrayList<>();
    for (int i = 0; i < own.length(); i++) {
      if (seen.indexOf(own.charAt(i)) >= 0) {
        target.append(own.charAt(i));
      } else {
        repeated.add((long) i);
      }
    }
    String sum =
        o.node("Einsum", values).with("equation", String.join(",", terms) + "->" + target).one();
    // Repeats along letters that were summed away, and along those of size 1 everywhere else.
    long[] axes = repeated.stream().mapToLong(Long::longValue).toArray();
    return o.expandLike(o.unsqueeze(sum, axes), b.x(operand));
  }

  /**
   * An operand's letters, each once: a letter that comes twice reads a diagonal, so its second
   * place gets a letter of its own and an identity matrix ties the two.
   */
  private static String offDiagonal(
      Backward b,
      GraphBuilder o,
      EinsumSubscripts letters,
      int operand,
      List<String> terms,
      List<String> values) {
    String taken = String.join("", letters.inputs()) + letters.output();
    StringBuilder own = new StringBuilder(letters.inputs().get(operand));
    char next = 'A';
    for (int i = 0; i < own.length(); i++) {
      char letter = own.charAt(i);
      if (own.indexOf(String.valueOf(letter)) == i) {
        continue;
      }
      while (taken.indexOf(next) >= 0) {
        next++;
      }
      String size = o.dim(b.x(operand), i);
      String square = o.op("Expand", o.number(0, b.x(operand)), o.join(size, size));
      terms.add("" + letter + next);
      values.add(o.op("EyeLike", square));
      own.setCharAt(i, next++);
    }
    return own.toString();
  }
}
