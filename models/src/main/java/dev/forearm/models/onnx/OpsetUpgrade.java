package dev.forearm.models.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings opsets 13 to 17 up to 18, so that rules know one form of each operator. Between the two
 * only these changed what a policy's graph may hold: the axes of Reduce operators moved from an
 * attribute to an input, and Split wants to be told the number of its outputs.
 *
 * <p>Source: the version history in the ONNX operator changelog.
 */
final class OpsetUpgrade {
  private static final int TARGET = 18;
  private static final Set<String> REDUCTIONS =
      Set.of(
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceSumSquare");

  private OpsetUpgrade() {}

  static void apply(Graph graph) {
    if (graph.opset() < TARGET) {
      rewrite(graph, graph);
      graph.opsets().put("", TARGET);
    }
  }

  private static void rewrite(Graph graph, Graph root) {
    List<Node> nodes = new ArrayList<>(graph.nodes().size());
    for (Node node : graph.nodes()) {
      for (Attribute attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Body(Graph body)) {
          rewrite(body, root);
        }
      }
      nodes.add(rewrite(node, root));
    }
    graph.nodes().clear();
    graph.nodes().addAll(nodes);
  }

  private static Node rewrite(Node node, Graph root) {
    if (!node.standard()) {
      return node;
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    List<String> inputs = new ArrayList<>(node.inputs());
    long[] axes = node.integers("axes");
    if (REDUCTIONS.contains(node.op()) && axes != null) {
      String name = "upgrade/axes" + root.initializers().size();
      root.initializers().put(name, HostTensor.ofLongs(new long[] {axes.length}, axes));
      attributes.remove("axes");
      inputs.add(name);
    } else if (node.op().equals("Split") && !node.hasInput(1)) {
      attributes.put("num_outputs", Attribute.of((long) node.outputs().size()));
    } else {
      return node;
    }
    return new Node(node.op(), "", node.name(), inputs, node.outputs(), attributes);
  }
}
