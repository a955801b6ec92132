package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.List;

/** The table operator to shape rule, with the rules of elementwise operators. */
final class ShapeRules {
  private static final OperatorTable<ShapeRule> RULES = new OperatorTable<>();

  static {
    for (String op :
        List.of(
            "Identity",
            "Neg",
            "Abs",
            "Exp",
            "Log",
            "Sqrt",
            "Reciprocal",
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Celu",
            "Sigmoid",
            "HardSigmoid",
            "Tanh",
            "Erf",
            "Gelu",
            "Softplus",
            "Softsign",
            "HardSwish",
            "Mish",
            "Swish",
            "ThresholdedRelu",
            "PRelu",
            "Softmax",
            "LogSoftmax",
            "Hardmax",
            "Sin",
            "Cos",
            "Tan",
            "Asin",
            "Acos",
            "Atan",
            "Sinh",
            "Cosh",
            "Asinh",
            "Acosh",
            "Atanh",
            "Floor",
            "Ceil",
            "Round",
            "Sign",
            "Clip",
            "Shrink",
            "CumSum",
            "Trilu",
            "InstanceNormalization",
            "GroupNormalization",
            "RMSNormalization",
            "LpNormalization",
            "MeanVarianceNormalization",
            "ScatterElements",
            "ScatterND",
            "ReverseSequence",
            "BitwiseNot",
            "RotaryEmbedding",
            "LRN",
            "Not")) {
      RULES.put(op, ShapeRules::same);
    }
    for (String op :
        List.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Mod",
            "BitwiseAnd",
            "BitwiseOr",
            "BitwiseXor",
            "BitShift")) {
      RULES.put(op, ShapeRules::arithmetic);
    }
    for (String op : List.of("Min", "Max", "Sum", "Mean")) {
      RULES.put(op, ShapeRules::variadic);
    }
    for (String op : List.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")) {
      RULES.put(op, ShapeRules::comparison);
    }
    for (String op : List.of("And", "Or", "Xor")) {
      RULES.put(op, c -> c.out(0, ElementType.BOOL, c.broadcast(0, 1)));
    }
    for (String op : List.of("IsNaN", "IsInf")) {
      RULES.put(op, c -> c.out(0, ElementType.BOOL, c.dims(0)));
    }
    RULES.put("Pow", c -> c.outLike(0, 0, c.broadcast(0, 1)));
    RULES.put("Where", ShapeRules::where);
    RULES.put("Cast", ShapeRules::cast);
    RULES.put(
        "CastLike",
        c -> {
          if (c.in(1) != null) {
            c.outLike(0, 1, c.dims(0));
          }
        });
    RULES.put(
        "Dropout",
        c -> {
          same(c);
          c.out(1, ElementType.BOOL, c.dims(0));
        });
    RULES.put("QuantizeLinear", ShapeRules::quantized);
    RULES.put("DequantizeLinear", c -> c.outLike(0, 1, c.dims(0)));
    RULES.put(
        "DynamicQuantizeLinear",
        c -> {
          c.out(0, ElementType.UINT8, c.dims(0));
          c.out(1, ElementType.FLOAT32, List.of());
          c.out(2, ElementType.UINT8, List.of());
        });
    RULES.put("LayerNormalization", ShapeRules::layerNormalization);
    RULES.put(
        "BatchNormalization",
        c -> {
          same(c);
          c.outLike(1, 3, c.dims(3));
          c.outLike(2, 4, c.dims(4));
        });
    ShapeRulesOfLayout.register(RULES);
    ShapeRulesOfIndexing.register(RULES);
    ShapeRulesOfProducts.register(RULES);
    ShapeRulesOfWindows.register(RULES);
  }

  private ShapeRules() {}

  static void apply(Inference c) {
    Node node = c.node;
    if (node.op().equals(Node.STOP_GRADIENT)) {
      same(c);
      return;
    }
    ShapeRule rule = node.standard() ? RULES.find(node.op()) : null;
    if (rule != null) {
      rule.infer(c);
    }
  }

  static void same(Inference c) {
    c.outLike(0, 0, c.dims(0));
  }

  private static void arithmetic(Inference c) {
    c.sameType(0, 1);
    c.outLike(0, c.in(0) == null ? 1 : 0, c.broadcast(0, 1));
  }

  private static void variadic(Inference c) {
    int[] all = new int[c.node.inputs().size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
      c.sameType(0, i);
    }
    c.outLike(0, 0, c.broadcast(all));
  }

  private static void comparison(Inference c) {
    c.sameType(0, 1);
    c.out(0, ElementType.BOOL, c.broadcast(0, 1));
  }

  private static void where(Inference c) {
    c.sameType(1, 2);
    TensorType condition = c.in(0);
    if (condition != null && condition.type() != ElementType.BOOL) {
      throw c.fault("found a condition of " + condition.type() + ", wanted BOOL");
    }
    c.outLike(0, c.in(1) == null ? 2 : 1, c.broadcast(0, 1, 2));
  }

  private static void cast(Inference c) {
    if (!(c.node.attributes().get("to") instanceof Attribute.IntValue(long code))) {
      throw c.fault("found no attribute 'to', wanted the element type to cast to");
    }
    ElementType type =
        ElementType.find((int) code)
            .orElseThrow(
                () -> c.fault("found element type code " + code + ", wanted a number type"));
    c.out(0, type, c.dims(0));
  }

  private static void quantized(Inference c) {
    if (c.node.hasInput(2)) {
      c.outLike(0, 2, c.dims(0));
      return;
    }
    ElementType.find((int) c.node.integer("output_dtype", ElementType.UINT8.code()))
        .ifPresent(type -> c.out(0, type, c.dims(0)));
  }

  private static void layerNormalization(Inference c) {
    same(c);
    List<Dim> dims = c.dims(0);
    if (dims != null) {
      int axis = c.axis(c.node.integer("axis", -1), dims.size());
      List<Dim> reduced = new ArrayList<>(dims);
      for (int i = axis; i < dims.size(); i++) {
        reduced.set(i, Dim.of(1));
      }
      c.out(1, ElementType.FLOAT32, reduced);
      c.out(2, ElementType.FLOAT32, reduced);
    }
  }
}
