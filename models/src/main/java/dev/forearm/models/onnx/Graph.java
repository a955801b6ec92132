package dev.forearm.models.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A graph of nodes over named values. Mutable: passes rewrite it in place; whoever read or built it
 * owns it.
 *
 * <p>After {@link OnnxReader} nodes are in topological order, every value is defined once, and an
 * initializer is never also an input.
 */
public final class Graph {
  private final String source;
  private final LinkedHashMap<String, Integer> opsets = new LinkedHashMap<>();
  private final LinkedHashMap<String, TensorType> inputs = new LinkedHashMap<>();
  private final LinkedHashMap<String, TensorType> outputs = new LinkedHashMap<>();
  private final LinkedHashMap<String, HostTensor> initializers = new LinkedHashMap<>();
  private final LinkedHashMap<String, TensorType> hints = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  /**
   * An empty graph.
   *
   * @param source the file it came from, for messages
   * @param opset version of ai.onnx
   */
  public Graph(String source, int opset) {
    this.source = source;
    opsets.put("", opset);
  }

  /** Where it came from, for messages. */
  public String source() {
    return source;
  }

  /** Version of the ai.onnx operator set. */
  public int opset() {
    return opsets.getOrDefault("", 0);
  }

  /** Operator set versions by domain; the empty domain is ai.onnx. */
  public Map<String, Integer> opsets() {
    return opsets;
  }

  /** Values the caller feeds, in order. */
  public Map<String, TensorType> inputs() {
    return inputs;
  }

  /** Values the caller gets, in order, with the type the file declares. */
  public Map<String, TensorType> outputs() {
    return outputs;
  }

  /** Constants and parameters by name. */
  public Map<String, HostTensor> initializers() {
    return initializers;
  }

  /** What the file says about inner values; used where inference knows less. */
  public Map<String, TensorType> hints() {
    return hints;
  }

  /** Nodes in topological order. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Nodes in topological order, each followed by those in its bodies of control flow. */
  public Stream<Node> nodesAndBodies() {
    return nodes.stream()
        .flatMap(
            node -> Stream.concat(Stream.of(node), node.bodies().flatMap(Graph::nodesAndBodies)));
  }

  /** A copy that can be rewritten without touching this one; tensors and nodes are shared. */
  public Graph copy() {
    Graph copy = new Graph(source, opset());
    copy.opsets.putAll(opsets);
    copy.inputs.putAll(inputs);
    copy.outputs.putAll(outputs);
    copy.initializers.putAll(initializers);
    copy.hints.putAll(hints);
    copy.nodes.addAll(nodes);
    return copy;
  }
}
