package dev.forearm.models.grad;

import static dev.forearm.models.grad.ElementwiseRules.oneMinus;

import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;

/** Activations and softmax. Formulas are derivatives of the definitions in the ONNX operators. */
final class ActivationRules {
  private static final double SELU_ALPHA = 1.6732631921768188;
  private static final double SELU_GAMMA = 1.0507010221481323;

  private ActivationRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("Relu", Rule.of((b, o) -> o.mask(positive(o, b.x(0)), b.dy())));
    t.put(
        "LeakyRelu",
        Rule.of((b, o) ->
            o.op(
                "Where",
                positive(o, b.x(0)),
                b.dy(),
                o.scale(b.dy(), b.node().real("alpha", 0.01f)))));
    t.put("PRelu", Rule.of(ActivationRules::preluOfInput, ActivationRules::preluOfSlope));
    t.put(
        "ThresholdedRelu",
        Rule.of((b, o) -> {
          String alpha = o.number(b.node().real("alpha", 1), b.x(0));
          return o.mask(o.op("Greater", b.x(0), alpha), b.dy());
        }));
    t.put("Elu", Rule.ofSlope((b, o) -> elu(b, o, b.node().real("alpha", 1), 1)));
    t.put(
        "Selu",
        Rule.ofSlope((b, o) ->
            elu(
                b,
                o,
                b.node().real("alpha", (float) SELU_ALPHA),
                b.node().real("gamma", (float) SELU_GAMMA))));
    t.put(
        "Celu",
        Rule.ofSlope((b, o) -> {
          String inner = o.scale(below(o, b.x(0)), 1.0 / b.node().real("alpha", 1));
          return o.op("Where", positive(o, b.x(0)), o.number(1, b.x(0)), o.op("Exp", inner));
        }));
    t.put("Sigmoid", Rule.ofSlope((b, o) -> o.mul(b.y(), oneMinus(o, b.y()))));
    t.put("HardSigmoid", Rule.of(ActivationRules::hardSigmoid));
    t.put("HardSwish", Rule.of(ActivationRules::hardSwish));
    t.put("Tanh", Rule.ofSlope((b, o) -> oneMinus(o, o.square(b.y()))));
    t.put("Softplus", Rule.ofSlope((b, o) -> o.op("Sigmoid", b.x(0))));
    t.put("Softsign", Rule.of((b, o) -> o.div(b.dy(), o.square(o.shift(o.op("Abs", b.x(0)), 1)))));
    t.put("Mish", Rule.ofSlope(ActivationRules::mish));
    t.put("Erf", Rule.ofSlope((b, o) -> o.scale(bell(o, b.x(0), 1), 2 / Math.sqrt(Math.PI))));
    t.put("Gelu", Rule.ofSlope(ActivationRules::gelu));
    t.put("Softmax", Rule.of(ActivationRules::softmax));
    t.put("LogSoftmax", Rule.of(ActivationRules::logSoftmax));
  }

  static String positive(GraphBuilder o, String x) {
    return o.op("Greater", x, o.number(0, x));
  }

  /** The part of x below 0: keeps exponentials that are not used from overflowing. */
  private static String below(GraphBuilder o, String x) {
    return o.op("Min", x, o.number(0, x));
  }

  /** exp(-factor x^2). */
  private static String bell(GraphBuilder o, String x, double factor) {
    return o.op("Exp", o.scale(o.square(x), -factor));
  }

  private static String preluOfInput(Backward b, GraphBuilder o) {
    return o.op("Where", positive(o, b.x(0)), b.dy(), o.mul(b.dy(), b.x(1)));
  }

  private static String preluOfSlope(Backward b, GraphBuilder o) {
    return o.mul(b.dy(), below(o, b.x(0)));
  }

  private static String elu(Backward b, GraphBuilder o, double alpha, double gamma) {
    String curve = o.scale(o.op("Exp", below(o, b.x(0))), alpha * gamma);
    return o.op("Where", positive(o, b.x(0)), o.number(gamma, b.x(0)), curve);
  }

  private static String hardSigmoid(Backward b, GraphBuilder o) {
    String inside = o.op("And", positive(o, b.y()), o.op("Less", b.y(), o.number(1, b.y())));
    return o.mask(inside, o.scale(b.dy(), b.node().real("alpha", 0.2f)));
  }

  private static String hardSwish(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String ramp = o.mul(b.dy(), o.shift(o.scale(x, 1.0 / 3), 0.5));
    String low = o.mask(o.op("Greater", x, o.number(-3, x)), ramp);
    return o.op("Where", o.op("GreaterOrEqual", x, o.number(3, x)), b.dy(), low);
  }

  private static String mish(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String t = o.op("Tanh", o.op("Softplus", x));
    String rise = o.mul(o.mul(x, o.op("Sigmoid", x)), oneMinus(o, o.square(t)));
    return o.add(t, rise);
  }

  private static String gelu(Backward b, GraphBuilder o) {
    String x = b.x(0);
    if (b.node().text("approximate", "none").equals("tanh")) {
      double c = Math.sqrt(2 / Math.PI);
      String x2 = o.square(x);
      String inner = o.mul(x, o.shift(o.scale(x2, 0.044715 * c), c));
      String t = o.op("Tanh", inner);
      String slope = o.shift(o.scale(x2, 3 * 0.044715 * c), c);
      String rise = o.mul(o.mul(x, oneMinus(o, o.square(t))), slope);
      return o.scale(o.add(o.shift(t, 1), rise), 0.5);
    }
    String cdf = o.scale(o.shift(o.op("Erf", o.scale(x, Math.sqrt(0.5))), 1), 0.5);
    String pdf = o.scale(bell(o, x, 0.5), 1 / Math.sqrt(2 * Math.PI));
    return o.add(cdf, o.mul(x, pdf));
  }

  private static String softmax(Backward b, GraphBuilder o) {
    String y = b.y();
    if (b.readBy("IsNaN")) {
      // Attention over nothing: the graph replaces what is not a number, and so must its gradient.
      y = o.op("Where", o.op("IsNaN", y), o.number(0, y), y);
    }
    String weighted = o.mul(b.dy(), y);
    String sum = o.sum(weighted, true, b.node().integer("axis", -1));
    return o.sub(weighted, o.mul(y, sum));
  }

  private static String logSoftmax(Backward b, GraphBuilder o) {
    String sum = o.sum(b.dy(), true, b.node().integer("axis", -1));
    return o.sub(b.dy(), o.mul(o.op("Exp", b.y()), sum));
  }
}
