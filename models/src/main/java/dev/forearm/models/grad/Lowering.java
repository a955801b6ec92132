package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Writes big operators as small ones, so that only the small ones need rules: Attention,
 * RotaryEmbedding, recurrent layers, sequences of tensors, and control flow of known course. The
 * result is the same graph to whoever runs it.
 */
final class Lowering {
  /** Appends nodes that compute a node's outputs, under the names these have. */
  @FunctionalInterface
  interface Recipe {
    void lower(Node node, GraphBuilder o);
  }

  private static final OperatorTable<Recipe> RECIPES = new OperatorTable<>();

  static {
    RECIPES.put("Attention", AttentionLowering::lower);
    RECIPES.put("AveragePool", PoolRules::lower);
    RECIPES.put("DequantizeLinear", QuantizationLowering::lower);
    RECIPES.put("GRU", RecurrentLowering::lower);
    RECIPES.put("LSTM", RecurrentLowering::lower);
    RECIPES.put("MaxPool", PoolRules::lower);
    RECIPES.put("MeanVarianceNormalization", Lowering::lowerMeanVariance);
    RECIPES.put("Pad", Pads::lower);
    RECIPES.put("Resize", ResizeRules::lower);
    RECIPES.put("RNN", RecurrentLowering::lower);
    RECIPES.put("RotaryEmbedding", AttentionLowering::lowerRotary);
    RECIPES.put("Swish", Lowering::lowerSwish);
  }

  private final GraphBuilder o;
  private final Sequences sequences;
  private final ControlFlow controlFlow;

  private Lowering(GraphBuilder o) {
    this.o = o;
    this.sequences = new Sequences(o);
    this.controlFlow = new ControlFlow(o, this::write);
  }

  static Set<String> operators() {
    Set<String> operators = new HashSet<>(RECIPES.operators());
    operators.addAll(Sequences.OPERATORS);
    operators.addAll(ControlFlow.OPERATORS);
    return operators;
  }

  /** A builder over a copy of {@code graph} in which every big operator is written out. */
  static GraphBuilder lower(Graph graph) {
    Graph copy = graph.copy();
    List<Node> nodes = List.copyOf(copy.nodes());
    if (nodes.stream().noneMatch(Lowering::concerns)) {
      return new GraphBuilder(copy);
    }
    copy.nodes().clear();
    GraphBuilder builder = new GraphBuilder(copy);
    nodes.forEach(node -> builder.reserve(node.outputs()));
    Lowering lowering = new Lowering(builder);
    nodes.forEach(lowering::write);
    return builder;
  }

  private static boolean concerns(Node node) {
    return Sequences.concerns(node)
        || ControlFlow.concerns(node)
        || (node.standard() && RECIPES.find(node.op()) != null);
  }

  private void write(Node node) {
    if (!concerns(node)) {
      if (node.op().equals("Identity")) {
        sequences.alias(node.input(0), node.output(0));
      }
      o.append(node);
      return;
    }
    try {
      if (Sequences.concerns(node)) {
        sequences.write(node);
      } else if (ControlFlow.concerns(node)) {
        controlFlow.write(node);
      } else {
        int before = o.graph().nodes().size();
        Objects.requireNonNull(RECIPES.find(node.op())).lower(node, o);
        requireOutputs(o, node, o.graph().nodes().subList(before, o.graph().nodes().size()));
      }
    } catch (ModelsFault e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever a recipe stumbles over, it is the node that is refused.
      throw refuse(o, node, "it cannot be written out (" + e.getMessage() + ")");
    }
  }

  /** A recipe knows the outputs of its operator; a node may claim more. */
  private static void requireOutputs(GraphBuilder o, Node node, List<Node> written) {
    Set<String> made = new HashSet<>();
    written.forEach(part -> made.addAll(part.outputs()));
    for (String output : node.outputs()) {
      if (!output.isEmpty() && !made.contains(output)) {
        throw refuse(
            o, node, "its output '" + output + "' cannot be written out; do not ask for it");
      }
    }
  }

  static ModelsFault refuse(GraphBuilder o, Node node, String what) {
    return new ModelsFault(
        "differentiate " + o.graph().source() + ": node " + node.label() + ": " + what);
  }

  private static void lowerMeanVariance(Node node, GraphBuilder o) {
    String x = node.input(0);
    long[] given = node.integers("axes");
    long[] axes = given == null ? new long[] {0, 2, 3} : given;
    String centred = o.sub(x, o.mean(x, true, axes));
    String deviation = o.op("Sqrt", o.mean(o.square(centred), true, axes));
    o.node("Div", centred, o.shift(deviation, 1e-9)).named(node.output(0));
  }

  /** Swish is of opset 24; written out, it runs in the opsets that are read. */
  private static void lowerSwish(Node node, GraphBuilder o) {
    String x = node.input(0);
    o.node("Mul", x, o.op("Sigmoid", o.scale(x, node.real("alpha", 1)))).named(node.output(0));
  }
}
