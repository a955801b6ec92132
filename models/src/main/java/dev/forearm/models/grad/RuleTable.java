package dev.forearm.models.grad;

import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The table operator to gradient rule, and the list of operators through which none flows. */
public final class RuleTable {
  /**
   * Operators without a gradient: their result is a decision, a position, a shape or a step
   * function. A gradient that arrives there ends there, as in PyTorch.
   */
  private static final Set<String> NON_DIFFERENTIABLE =
      Set.of(
          "ArgMax",
          "ArgMin",
          "Sign",
          "IsNaN",
          "IsInf",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "And",
          "Or",
          "Xor",
          "Not",
          "BitwiseAnd",
          "BitwiseOr",
          "BitwiseXor",
          "BitwiseNot",
          "BitShift",
          "Floor",
          "Ceil",
          "Round",
          "Shape",
          "Size",
          "NonZero",
          "Constant",
          "ConstantOfShape",
          "EyeLike",
          "Hardmax");

  private static final OperatorTable<Rule> RULES = new OperatorTable<>();

  static {
    ElementwiseRules.register(RULES);
    ActivationRules.register(RULES);
    ReduceRules.register(RULES);
    LayoutRules.register(RULES);
    IndexRules.register(RULES);
    LinearRules.register(RULES);
    ConvRules.register(RULES);
    PoolRules.register(RULES);
    ResizeRules.register(RULES);
    NormRules.register(RULES);
    if (!Collections.disjoint(RULES.operators(), NON_DIFFERENTIABLE)) {
      throw new IllegalStateException("an operator has a rule and is not differentiable");
    }
  }

  private RuleTable() {}

  /** The rule of a node's operator. */
  static Optional<Rule> find(Node node) {
    return node.standard() ? Optional.ofNullable(RULES.find(node.op())) : Optional.empty();
  }

  /** Whether gradients end at a node, by the nature of its operator or by {@code StopGradient}. */
  static boolean blocks(Node node) {
    return node.op().equals(Node.STOP_GRADIENT)
        || (node.standard() && NON_DIFFERENTIABLE.contains(node.op()));
  }

  /** Operators that gradients flow through, by name; those that are lowered first included. */
  public static Set<String> differentiable() {
    Set<String> names = new TreeSet<>(RULES.operators());
    names.addAll(Lowering.operators());
    return names;
  }

  /** Operators at which a gradient ends, by name. */
  public static Set<String> nonDifferentiable() {
    return new TreeSet<>(NON_DIFFERENTIABLE);
  }
}
