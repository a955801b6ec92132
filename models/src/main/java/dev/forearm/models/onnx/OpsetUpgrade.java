package dev.forearm.models.onnx;

import dev.forearm.models.ModelsFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings every node to one opset, 18 or newer, so that rules know one form of each operator and the
 * graph that is written answers like the one that was read. A node whose form or defaults changed
 * on the way gets the new form of what it says:
 *
 * <table>
 * <caption>What changed between opsets 13 and 23, element types and the like apart</caption>
 * <tr><td>14</td><td>BatchNormalization</td><td>is told that it trains, and has three outputs; before,
 *     it had five</td></tr>
 * <tr><td>16</td><td>RoiAlign</td><td>coordinates lie half a pixel off by default</td></tr>
 * <tr><td>18</td><td>Reduce operators</td><td>axes are an input (of ReduceSum since 13)</td></tr>
 * <tr><td>18</td><td>Split</td><td>is told the number of its outputs</td></tr>
 * <tr><td>20</td><td>GridSample</td><td>modes bilinear and bicubic are called linear and cubic</td></tr>
 * <tr><td>20</td><td>DFT</td><td>the axis is an input, by default the one before the last</td></tr>
 * <tr><td>21</td><td>GroupNormalization</td><td>scale and bias are per channel; before, per group</td></tr>
 * </table>
 *
 * <p>A local function may be written in another opset than the model that calls it: the graph ends
 * in the newest opset of all that went into it.
 *
 * <p>Source: the schemas of the ONNX operators with their history, and its version converter.
 */
final class OpsetUpgrade {
  private static final int OLDEST_WRITTEN = 18;

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
  private final int target;
  private int constants;

  /**
   * @param root gets what becomes an input, and in the end the opset
   * @param written all opsets that its nodes are written in
   */
  OpsetUpgrade(Graph root, Collection<Integer> written) {
    this.root = root;
    this.target = Math.max(OLDEST_WRITTEN, Collections.max(written));
  }

  /** Brings the nodes of a graph up in place, bodies of control flow included. */
  void upgrade(Graph graph, int from) {
    graph.nodes().replaceAll(node -> upgrade(node, from));
  }

  /** The node as the graph's opset has it; bodies inside it are changed in place. */
  Node upgrade(Node node, int from) {
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.Body(Graph body)) {
        upgrade(body, from);
      }
    }
    return node.standard() ? new Rewrite(node, from).node() : node;
  }

  /** Gives the graph its opset. */
  void finish() {
    root.opsets().put("", target);
  }

  /** One node on its way. */
  private final class Rewrite {
    private final Node node;
    private final int from;
    private final Map<String, Attribute> attributes;
    private final List<String> inputs;

    Rewrite(Node node, int from) {
      this.node = node;
      this.from = from;
      this.attributes = new LinkedHashMap<>(node.attributes());
      this.inputs = new ArrayList<>(node.inputs());
    }

    /** Whether the node was written before an opset in which it is now. */
    private boolean crosses(int opset) {
      return from < opset && opset <= target;
    }

    Node node() {
      boolean changed =
          switch (node.op()) {
            case "BatchNormalization" -> crosses(14) && refuseTraining();
            case "RoiAlign" ->
                crosses(16) && keep("coordinate_transformation_mode", "output_half_pixel");
            case "Split" -> crosses(18) && !node.hasInput(1) && countOutputs();
            case "GridSample" -> crosses(20) && renameMode();
            case "DFT" -> crosses(20) && axisAsInput();
            case "GroupNormalization" -> crosses(21) && refuseGroups();
            default -> crosses(18) && REDUCTIONS.contains(node.op()) && axesAsInput();
          };
      return changed
          ? new Node(node.op(), "", node.name(), inputs, node.outputs(), attributes)
          : node;
    }

    /** Gives an attribute the value that it had by default. */
    private boolean keep(String name, String value) {
      return attributes.putIfAbsent(name, Attribute.of(value)) == null;
    }

    private boolean countOutputs() {
      attributes.put("num_outputs", Attribute.of((long) node.outputs().size()));
      return true;
    }

    private boolean renameMode() {
      String mode = node.text("mode", "bilinear");
      attributes.put("mode", Attribute.of(mode.startsWith("bi") ? mode.substring(2) : mode));
      return true;
    }

    private boolean axesAsInput() {
      long[] axes = node.integers("axes");
      if (axes == null) {
        return false;
      }
      attributes.remove("axes");
      inputs.add(constant(HostTensor.ofLongs(new long[] {axes.length}, axes)));
      return true;
    }

    private boolean axisAsInput() {
      attributes.remove("axis");
      if (inputs.size() == 1) {
        inputs.add("");
      }
      inputs.add(constant(HostTensor.ofLongs(new long[0], node.integer("axis", 1))));
      return true;
    }

    private boolean refuseTraining() {
      if (node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty())) {
        throw refuse("is in training mode; export in eval mode with frozen batch norm");
      }
      return false;
    }

    private boolean refuseGroups() {
      throw refuse(
          "GroupNormalization of opset %s beside nodes of opset %s means something else; export model and functions with one opset"
              .formatted(from, target));
    }

    private ModelsFault refuse(String what) {
      return new ModelsFault("read %s: node %s: %s".formatted(root.source(), node.label(), what));
    }
  }

  private String constant(HostTensor value) {
    String name;
    do {
      name = "upgrade/axes" + constants++;
    } while (root.initializers().containsKey(name));
    root.initializers().put(name, value);
    return name;
  }
}
