package dev.forearm.models.grad;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphValidator;
import dev.forearm.models.onnx.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes what no output needs. */
final class Pruning {
  private Pruning() {}

  /** Removes nodes and initializers that no output depends on; inputs stay. */
  static void removeUnused(Graph graph) {
    Set<String> needed = new HashSet<>(graph.outputs().keySet());
    List<Node> kept = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(GraphValidator.reads(node));
        kept.add(node);
      }
    }
    Collections.reverse(kept);
    graph.nodes().clear();
    graph.nodes().addAll(kept);
    graph.initializers().keySet().retainAll(needed);
  }

  /** Removes inputs that no node reads, so that nobody has to feed them. */
  static void removeUnreadInputs(Graph graph) {
    Set<String> read = new HashSet<>(graph.outputs().keySet());
    graph.nodes().forEach(node -> read.addAll(GraphValidator.reads(node)));
    graph.inputs().keySet().retainAll(read);
  }
}
