package dev.forearm.models.grad;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.Renaming;
import dev.forearm.models.onnx.TensorType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Frees the names that a training graph has for loss, target and gradients: an inner value of that
 * name, also an output, gets a number behind it. Inputs and initializers keep theirs: data and
 * weights come under these.
 */
final class ReservedNames {
  private ReservedNames() {}

  /** The graph, or a copy in which no node makes a value of a reserved name. */
  static Graph freed(Graph graph) {
    Set<String> taken = new HashSet<>(graph.inputs().keySet());
    taken.addAll(graph.initializers().keySet());
    graph.nodesAndBodies().forEach(node -> taken.addAll(node.outputs()));
    Map<String, String> names = new HashMap<>();
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (reserved(output)) {
          String free;
          int i = 1;
          do {
            free = output + "_" + i++;
          } while (!taken.add(free));
          names.put(output, free);
        }
      }
    }
    if (names.isEmpty()) {
      return graph;
    }
    Graph copy = graph.copy();
    copy.nodes().replaceAll(new Renaming(names)::of);
    rename(copy.outputs(), names);
    rename(copy.hints(), names);
    return copy;
  }

  private static boolean reserved(String name) {
    return name.equals(TrainableGraph.LOSS)
        || name.equals(TrainableGraph.TARGET)
        || name.startsWith(TrainableGraph.GRADIENT);
  }

  private static void rename(Map<String, TensorType> types, Map<String, String> names) {
    Map<String, TensorType> old = new LinkedHashMap<>(types);
    types.clear();
    old.forEach((name, type) -> types.put(names.getOrDefault(name, name), type));
  }
}
