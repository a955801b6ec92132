package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes big operators as small ones, so that only the small ones need rules: Attention,
 * RotaryEmbedding and recurrent layers. The result is the same graph to whoever runs it.
 */
final class Lowering {
  /** Appends nodes that compute a node's outputs, under the names these have. */
  @FunctionalInterface
  interface Recipe {
    void lower(Node node, GraphBuilder o);
  }

  private static final Map<String, Recipe> RECIPES =
      Map.of(
          "Attention", AttentionLowering::lower,
          "RotaryEmbedding", AttentionLowering::lowerRotary,
          "MeanVarianceNormalization", Lowering::lowerMeanVariance,
          "RNN", RecurrentLowering::lower,
          "GRU", RecurrentLowering::lower,
          "LSTM", RecurrentLowering::lower);

  private Lowering() {}

  static Set<String> operators() {
    return RECIPES.keySet();
  }

  /** A builder over a copy of {@code graph} in which every big operator is written out. */
  static GraphBuilder lower(Graph graph) {
    Graph copy = graph.copy();
    List<Node> nodes = List.copyOf(copy.nodes());
    if (nodes.stream().noneMatch(node -> node.standard() && RECIPES.containsKey(node.op()))) {
      return new GraphBuilder(copy);
    }
    copy.nodes().clear();
    GraphBuilder builder = new GraphBuilder(copy);
    nodes.forEach(node -> builder.reserve(node.outputs()));
    for (Node node : nodes) {
      Recipe recipe = node.standard() ? RECIPES.get(node.op()) : null;
      if (recipe == null) {
        builder.append(node);
        continue;
      }
      int before = copy.nodes().size();
      try {
        recipe.lower(node, builder);
      } catch (ModelsFault e) {
        throw e;
      } catch (RuntimeException e) {
        // Whatever a recipe stumbles over, it is the node that is refused.
        throw refuse(builder, node, "it cannot be written out (" + e.getMessage() + ")");
      }
      requireOutputs(builder, node, copy.nodes().subList(before, copy.nodes().size()));
    }
    return builder;
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
}
