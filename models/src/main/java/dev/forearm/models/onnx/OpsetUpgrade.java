package dev.forearm.models.onnx;

import dev.forearm.models.ModelsFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings opsets 13 to 17 up to 18, so that rules know one form of each operator. Between the two
 * only these changed what a policy's graph may hold: the axes of Reduce operators moved from an
 * attribute to an input, and Split wants to be told the number of its outputs.
 *
 * <p>A local function may be written in another opset than the model that calls it: its nodes are
 * brought up from their own, and the graph ends in the newest opset of all that went into it.
 *
 * <p>Source: the version history in the ONNX operator changelog.
 */
final class OpsetUpgrade {
  private static final int TARGET = 18;

  /** From here on scale and bias of GroupNormalization are per channel; before, per group. */
  private static final int GROUP_NORMALIZATION = 21;

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

  private final Graph root;
  private final TreeSet<Integer> groupNormalizations = new TreeSet<>();
  private int newest;
  private int axes;

  /**
   * @param root gets the axes that become inputs, and in the end the opset
   */
  OpsetUpgrade(Graph root) {
    this.root = root;
    this.newest = Math.max(TARGET, root.opset());
  }

  /** Brings the nodes of a graph up in place, bodies of control flow included. */
  void upgrade(Graph graph, int from) {
    List<Node> nodes = new ArrayList<>(graph.nodes().size());
    graph.nodes().forEach(node -> nodes.add(upgrade(node, from)));
    graph.nodes().clear();
    graph.nodes().addAll(nodes);
  }

  /** The node as opset 18 or newer has it; bodies inside it are changed in place. */
  Node upgrade(Node node, int from) {
    newest = Math.max(newest, from);
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Body(Graph body)) {
        upgrade(body, from);
      }
    }
    if (node.standard() && node.op().equals("GroupNormalization")) {
      groupNormalizations.add(from);
    }
    return from < TARGET && node.standard() ? rewrite(node) : node;
  }

  /**
   * Gives the graph its opset.
   *
   * @throws ModelsFault where an operator means different things in the opsets that were joined
   */
  void finish() {
    for (int version : groupNormalizations) {
      if (version < GROUP_NORMALIZATION && newest >= GROUP_NORMALIZATION) {
        throw new ModelsFault(
            "read %s: GroupNormalization of opset %s beside nodes of opset %s means something else; export model and functions with one opset"
                .formatted(root.source(), version, newest));
      }
    }
    root.opsets().put("", newest);
  }

  private Node rewrite(Node node) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    List<String> inputs = new ArrayList<>(node.inputs());
    long[] given = node.integers("axes");
    if (REDUCTIONS.contains(node.op()) && given != null) {
      String name;
      do {
        name = "upgrade/axes" + axes++;
      } while (root.initializers().containsKey(name));
      root.initializers().put(name, HostTensor.ofLongs(new long[] {given.length}, given));
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
