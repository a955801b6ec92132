package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphValidator;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Graphs one behind the other, as one graph: an actor into a world model into a critic. What is
 * frozen of it and what is trained is decided afterwards, by name.
 */
final class GraphChain {
  private final Graph graph;

  private GraphChain(Graph graph) {
    this.graph = graph;
  }

  /**
   * Begins a chain.
   *
   * @param prefix put before every name of {@code first}, for example {@code actor/}; may be empty
   */
  public static GraphChain of(Graph first, String prefix) {
    Graph graph = new Graph(first.source(), first.opset());
    GraphChain chain = new GraphChain(graph);
    chain.add(first, prefix, Map.of());
    return chain;
  }

  /**
   * Adds a graph behind.
   *
   * @param prefix put before every name of {@code next}
   * @param links input of {@code next}, without prefix, to the value of the chain that feeds it; an
   *     input that is not linked becomes an input of the chain, under its prefixed name
   * @throws ModelsFault when a link does not fit
   */
  public GraphChain then(Graph next, String prefix, Map<String, String> links) {
    links.forEach((input, value) -> {
      if (!next.inputs().containsKey(input)) {
        throw fault(next, "found no input '" + input + "' among " + next.inputs().keySet());
      }
    });
    if (next.opset() != graph.opset()) {
      throw fault(
          next,
          "is of opset " + next.opset() + ", the chain of " + graph.opset() + "; export alike");
    }
    add(next, prefix, links);
    return this;
  }

  /** The whole chain; all outputs of all its graphs are outputs. */
  public Graph graph() {
    GraphValidator.check(graph);
    return graph;
  }

  private void add(Graph next, String prefix, Map<String, String> links) {
    UnaryOperator<String> rename =
        name -> name.isEmpty() ? "" : links.getOrDefault(name, prefix + name);
    next.opsets().forEach((domain, version) -> graph.opsets().putIfAbsent(domain, version));
    for (Map.Entry<String, TensorType> input : next.inputs().entrySet()) {
      if (!links.containsKey(input.getKey())) {
        unique(next, graph.inputs().put(prefix + input.getKey(), input.getValue()), input.getKey());
      }
    }
    next.initializers()
        .forEach((name, value) ->
            unique(next, graph.initializers().put(prefix + name, value), prefix + name));
    next.hints().forEach((name, type) -> graph.hints().put(rename.apply(name), type));
    next.nodes().forEach(node -> graph.nodes().add(rename(node, rename)));
    next.outputs().forEach((name, type) -> graph.outputs().put(rename.apply(name), type));
  }

  private static Node rename(Node node, UnaryOperator<String> rename) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach((name, attribute) ->
            attributes.put(
                name,
                attribute instanceof Attribute.Body(Graph body)
                    ? new Attribute.Body(rename(body, rename))
                    : attribute));
    return new Node(
        node.op(),
        node.domain(),
        node.name(),
        node.inputs().stream().map(rename).toList(),
        node.outputs().stream().map(rename).toList(),
        attributes);
  }

  private static Graph rename(Graph body, UnaryOperator<String> rename) {
    Graph copy = new Graph(body.source(), body.opset());
    body.inputs().forEach((name, type) -> copy.inputs().put(rename.apply(name), type));
    body.outputs().forEach((name, type) -> copy.outputs().put(rename.apply(name), type));
    body.initializers()
        .forEach((name, value) -> copy.initializers().put(rename.apply(name), value));
    body.nodes().forEach(node -> copy.nodes().add(rename(node, rename)));
    return copy;
  }

  private void unique(Graph next, @Nullable Object previous, String name) {
    if (previous != null) {
      throw fault(next, "'" + name + "' is in the chain already; give each graph its own prefix");
    }
  }

  private ModelsFault fault(Graph next, String what) {
    return new ModelsFault("chain " + next.source() + " behind " + graph.source() + ": " + what);
  }
}
