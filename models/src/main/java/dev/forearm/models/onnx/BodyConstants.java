package dev.forearm.models.onnx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes initializers of bodies initializers of the graph around them: a weight is a weight wherever
 * it is read. One whose name is taken gets a number behind it.
 */
final class BodyConstants {
  private final Graph root;
  private final Map<String, Integer> definitions = new HashMap<>();

  private BodyConstants(Graph root) {
    this.root = root;
    count(root);
  }

  static void lift(Graph graph) {
    new BodyConstants(graph).liftFromBodies(graph);
  }

  private void count(Graph graph) {
    graph.inputs().keySet().forEach(this::count);
    graph.initializers().keySet().forEach(this::count);
    for (Node node : graph.nodes()) {
      node.outputs().forEach(this::count);
      node.bodies().forEach(this::count);
    }
  }

  private void count(String name) {
    definitions.merge(name, 1, Integer::sum);
  }

  private void liftFromBodies(Graph graph) {
    graph.nodes().forEach(node -> node.bodies().forEach(this::lifted));
  }

  private void lifted(Graph body) {
    Map<String, String> names = new LinkedHashMap<>();
    body.initializers()
        .forEach((name, value) -> {
          String lifted = name;
          for (int i = 1;
              definitions.getOrDefault(lifted, 0) > (lifted.equals(name) ? 1 : 0);
              i++) {
            lifted = name + "_" + i;
          }
          if (!lifted.equals(name)) {
            count(lifted);
            names.put(name, lifted);
          }
          root.initializers().put(lifted, value);
        });
    body.initializers().clear();
    if (!names.isEmpty()) {
      Renaming renaming = new Renaming(names);
      body.nodes().replaceAll(renaming::of);
      Map<String, TensorType> outputs = new LinkedHashMap<>(body.outputs());
      body.outputs().clear();
      outputs.forEach((name, type) -> body.outputs().put(names.getOrDefault(name, name), type));
    }
    liftFromBodies(body);
  }
}
