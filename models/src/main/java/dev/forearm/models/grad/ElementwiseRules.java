package dev.forearm.models.grad;

import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.Emit;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.ArrayList;
import java.util.List;

/** Arithmetic, powers, trigonometry, selection and casts. */
final class ElementwiseRules {
  private ElementwiseRules() {}

  static void register(OperatorTable<Rule> t) {
    Rule pass = Rule.of((b, o) -> b.dy());
    t.put("Identity", pass);
    t.put("Dropout", pass);
    t.put("Cast", Rule.of((b, o) -> o.castLike(b.dy(), b.x(0))));
    t.put("CastLike", Rule.of((b, o) -> o.castLike(b.dy(), b.x(0)), (b, o) -> o.zerosLike(b.x(1))));
    t.put("Add", Rule.of((b, o) -> b.dy(), (b, o) -> b.dy()));
    t.put("Sub", Rule.of((b, o) -> b.dy(), (b, o) -> o.neg(b.dy())));
    t.put("Mul", Rule.of((b, o) -> o.mul(b.dy(), b.x(1)), (b, o) -> o.mul(b.dy(), b.x(0))));
    t.put(
        "Div",
        Rule.of(
            (b, o) -> o.div(b.dy(), b.x(1)), (b, o) -> o.neg(o.div(o.mul(b.dy(), b.y()), b.x(1)))));
    t.put("Pow", Rule.of(ElementwiseRules::powerOfBase, ElementwiseRules::powerOfExponent));
    t.put("Mod", Rule.of((b, o) -> b.dy(), (b, o) -> o.neg(o.mul(b.dy(), quotient(b, o)))));
    t.put("Neg", Rule.of((b, o) -> o.neg(b.dy())));
    t.put("Abs", Rule.ofSlope((b, o) -> o.op("Sign", b.x(0))));
    t.put("Exp", Rule.ofSlope((b, o) -> b.y()));
    t.put("Log", Rule.of((b, o) -> o.div(b.dy(), b.x(0))));
    t.put("Sqrt", Rule.of((b, o) -> o.div(b.dy(), o.scale(b.y(), 2))));
    t.put("Reciprocal", Rule.ofSlope((b, o) -> o.neg(o.square(b.y()))));
    t.put("Sum", ElementwiseRules::sum);
    t.put("Mean", ElementwiseRules::mean);
    t.put("Min", ElementwiseRules::extreme);
    t.put("Max", ElementwiseRules::extreme);
    t.put("Clip", ElementwiseRules::clip);
    t.put("Where", ElementwiseRules::where);
    t.put("Trilu", Rule.of((b, o) -> sameNodeOn(b, o, b.dy())));
    trigonometry(t);
  }

  private static void trigonometry(OperatorTable<Rule> t) {
    t.put("Sin", Rule.ofSlope((b, o) -> o.op("Cos", b.x(0))));
    t.put("Cos", Rule.ofSlope((b, o) -> o.neg(o.op("Sin", b.x(0)))));
    t.put("Tan", Rule.ofSlope((b, o) -> o.shift(o.square(b.y()), 1)));
    t.put("Sinh", Rule.ofSlope((b, o) -> o.op("Cosh", b.x(0))));
    t.put("Cosh", Rule.ofSlope((b, o) -> o.op("Sinh", b.x(0))));
    t.put("Asin", Rule.of((b, o) -> o.div(b.dy(), rootOfOneMinusSquare(b, o))));
    t.put("Acos", Rule.of((b, o) -> o.neg(o.div(b.dy(), rootOfOneMinusSquare(b, o)))));
    t.put("Atan", Rule.of((b, o) -> o.div(b.dy(), o.shift(o.square(b.x(0)), 1))));
    t.put("Asinh", Rule.of((b, o) -> o.div(b.dy(), o.op("Sqrt", o.shift(o.square(b.x(0)), 1)))));
    t.put("Acosh", Rule.of((b, o) -> o.div(b.dy(), o.op("Sqrt", o.shift(o.square(b.x(0)), -1)))));
    t.put("Atanh", Rule.of((b, o) -> o.div(b.dy(), oneMinus(o, o.square(b.x(0))))));
  }

  /** How often the divisor fits, cut off: what is left of the dividend without the remainder. */
  private static String quotient(Backward b, GraphBuilder o) {
    return o.op("Round", o.div(o.sub(b.x(0), b.y()), b.x(1)));
  }

  /** 1 - a. */
  static String oneMinus(GraphBuilder o, String a) {
    return o.sub(o.number(1, a), a);
  }

  private static String rootOfOneMinusSquare(Backward b, GraphBuilder o) {
    return o.op("Sqrt", oneMinus(o, o.square(b.x(0))));
  }

  /** The node's own operator, with its other inputs and attributes, on another first input. */
  static String sameNodeOn(Backward b, GraphBuilder o, String first) {
    return sameNodeOn(b, o, first, b.node().op());
  }

  /** Another operator of the same form, with this node's other inputs and attributes. */
  static String sameNodeOn(Backward b, GraphBuilder o, String first, String op) {
    List<String> inputs = new ArrayList<>(b.node().inputs());
    inputs.set(0, first);
    Emit emit = o.node(op, inputs);
    b.node().attributes().forEach(emit::with);
    return emit.one();
  }

  private static String powerOfBase(Backward b, GraphBuilder o) {
    String x = b.x(0);
    HostTensor exponent = o.types().constant(b.x(1));
    if (exponent != null && exponent.size() == 1) {
      double e = exponent.at(0);
      if (e == 0) {
        return o.mul(b.dy(), o.number(0, x));
      }
      String power =
          e == 1
              ? o.number(1, x)
              : e == 2
                  ? x
                  : e == 3
                      ? o.square(x)
                      : e == 0.5 ? o.op("Reciprocal", b.y()) : o.op("Pow", x, o.number(e - 1, x));
      return o.mul(b.dy(), o.scale(power, e));
    }
    String e = o.castLike(b.x(1), x);
    String slope = o.mul(e, o.op("Pow", x, o.shift(e, -1)));
    String zero = o.op("Equal", e, o.number(0, e));
    return o.mul(b.dy(), o.op("Where", zero, o.number(0, x), slope));
  }

  private static String powerOfExponent(Backward b, GraphBuilder o) {
    String positive = o.op("Greater", b.x(0), o.number(0, b.x(0)));
    String base = o.op("Where", positive, b.x(0), o.number(1, b.x(0)));
    return o.mul(b.dy(), o.mul(o.mask(positive, b.y()), o.op("Log", base)));
  }

  private static void sum(Backward b, GraphBuilder o) {
    for (int i = 0; i < b.node().inputs().size(); i++) {
      if (b.wants(i)) {
        b.give(i, b.dy());
      }
    }
  }

  private static void mean(Backward b, GraphBuilder o) {
    String share = o.scale(b.dy(), 1.0 / b.node().inputs().size());
    for (int i = 0; i < b.node().inputs().size(); i++) {
      if (b.wants(i)) {
        b.give(i, share);
      }
    }
  }

  /** Minimum and maximum: who holds the extreme gets the gradient, ties share it evenly. */
  private static void extreme(Backward b, GraphBuilder o) {
    int n = b.node().inputs().size();
    String[] holds = new String[n];
    String holders = "";
    for (int i = 0; i < n; i++) {
      holds[i] = o.castLike(o.op("Equal", b.x(i), b.y()), b.y());
      holders = i == 0 ? holds[i] : o.add(holders, holds[i]);
    }
    String share = o.div(b.dy(), holders);
    for (int i = 0; i < n; i++) {
      if (b.wants(i)) {
        b.give(i, o.mul(share, holds[i]));
      }
    }
  }

  private static void clip(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String inside = b.dy();
    if (b.node().hasInput(1)) {
      inside = o.mask(o.op("GreaterOrEqual", x, b.x(1)), inside);
    }
    if (b.node().hasInput(2)) {
      inside = o.mask(o.op("LessOrEqual", x, b.x(2)), inside);
    }
    if (b.wants(0)) {
      b.give(0, inside);
    }
    if (b.wants(1)) {
      b.give(1, o.mask(o.op("Less", x, b.x(1)), b.dy()));
    }
    if (b.wants(2)) {
      b.give(2, o.mask(o.op("Greater", x, b.x(2)), b.dy()));
    }
  }

  private static void where(Backward b, GraphBuilder o) {
    if (b.wants(1)) {
      b.give(1, o.mask(b.x(0), b.dy()));
    }
    if (b.wants(2)) {
      b.give(2, o.op("Where", b.x(0), o.number(0, b.dy()), b.dy()));
    }
  }
}
