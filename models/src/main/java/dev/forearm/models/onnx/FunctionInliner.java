package dev.forearm.models.onnx;

import dev.forearm.models.ModelsFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Puts the bodies of model-local functions where they are called. {@code StopGradient} stays: it is
 * an Identity to whoever runs the graph and a wall to gradients.
 */
final class FunctionInliner {
  private static final int DEEPEST = 64;
  private static final int MOST_NODES = 200_000;
  private static final int LONGEST_NAME = 512;

  private final String file;
  private final Map<String, Function> functions;
  private final OpsetUpgrade upgrade;
  private final Deque<String> calls = new ArrayDeque<>();
  private int expanded;
  private int written;

  /**
   * @param upgrade brings the nodes of each function up to the opset of the graph
   */
  FunctionInliner(String file, Map<String, Function> functions, OpsetUpgrade upgrade) {
    this.file = file;
    this.functions = functions;
    this.upgrade = upgrade;
  }

  void inline(Graph graph) {
    List<Node> nodes = inline(List.copyOf(graph.nodes()));
    graph.nodes().clear();
    graph.nodes().addAll(nodes);
  }

  private List<Node> inline(List<Node> nodes) {
    List<Node> result = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      Function function = functions.get(node.domain() + "::" + node.op());
      if (function == null || function.name().equals(Node.STOP_GRADIENT)) {
        for (Attribute attribute : node.attributes().values()) {
          if (attribute instanceof Attribute.Body(Graph body)) {
            inline(body);
          }
        }
        result.add(node);
      } else {
        result.addAll(expand(node, function));
      }
      if (++written > MOST_NODES) {
        throw new ModelsFault(
            "read "
                + file
                + ": found more than "
                + MOST_NODES
                + " nodes once functions are inlined; export a smaller graph");
      }
    }
    return result;
  }

  private List<Node> expand(Node call, Function function) {
    String key = call.domain() + "::" + call.op();
    if (calls.contains(key) || calls.size() >= DEEPEST) {
      throw new ModelsFault(
          "read "
              + file
              + ": node "
              + call.label()
              + ": function '"
              + key
              + "' calls itself or nests deeper than "
              + DEEPEST
              + "; export without it");
    }
    if (call.inputs().size() > function.inputs().size()
        || call.outputs().size() > function.outputs().size()) {
      throw new ModelsFault(
          "read %s: node %s: found %s inputs and %s outputs, function '%s' has %s and %s"
              .formatted(
                  file,
                  call.label(),
                  call.inputs().size(),
                  call.outputs().size(),
                  key,
                  function.inputs().size(),
                  function.outputs().size()));
    }
    String prefix = "inline" + ++expanded + "/";
    Map<String, String> names = new HashMap<>();
    names.put("", "");
    for (int i = 0; i < function.inputs().size(); i++) {
      names.put(function.inputs().get(i), call.input(i));
    }
    List<Node> body = new ArrayList<>();
    for (int i = 0; i < function.outputs().size(); i++) {
      String formal = function.outputs().get(i);
      if (!call.hasOutput(i)) {
        continue;
      }
      String alias = names.putIfAbsent(formal, call.output(i));
      if (alias != null) { // the function hands an input, or another output, straight through
        body.add(new Node("Identity", "", "", List.of(alias), List.of(call.output(i)), Map.of()));
      }
    }
    UnaryOperator<String> rename = name -> names.computeIfAbsent(name, n -> prefix + n);
    for (Node node : function.body()) {
      body.add(upgrade.upgrade(rewrite(node, rename, call, function), function.opset()));
    }
    calls.push(key);
    List<Node> result = inline(body);
    calls.pop();
    return result;
  }

  private Node rewrite(Node node, UnaryOperator<String> rename, Node call, Function function) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach((name, attribute) -> {
          switch (attribute) {
            case Attribute.Reference(String formal) -> {
              Attribute given =
                  call.attributes().getOrDefault(formal, function.defaults().get(formal));
              if (given != null) {
                attributes.put(name, given);
              }
            }
            case Attribute.Body(Graph body) ->
                attributes.put(name, new Attribute.Body(rewrite(body, rename, call, function)));
            case Attribute.IntValue _,
                Attribute.FloatValue _,
                Attribute.TextValue _,
                Attribute.IntList _,
                Attribute.FloatList _,
                Attribute.TextList _,
                Attribute.TensorValue _ ->
                attributes.put(name, attribute);
          }
        });
    return new Node(
        node.op(),
        node.domain(),
        name(call, node),
        node.inputs().stream().map(rename).toList(),
        node.outputs().stream().map(rename).toList(),
        attributes);
  }

  /** Both names, where both are short: nesting must not multiply long ones. */
  private static String name(Node call, Node node) {
    if (node.name().isEmpty() || call.name().length() + node.name().length() > LONGEST_NAME) {
      return call.name();
    }
    return call.name() + "/" + node.name();
  }

  private Graph rewrite(Graph body, UnaryOperator<String> rename, Node call, Function function) {
    Graph copy = new Graph(body.source(), body.opset());
    body.inputs().forEach((name, type) -> copy.inputs().put(rename.apply(name), type));
    body.outputs().forEach((name, type) -> copy.outputs().put(rename.apply(name), type));
    body.initializers()
        .forEach((name, value) -> copy.initializers().put(rename.apply(name), value));
    for (Node node : body.nodes()) {
      copy.nodes().add(rewrite(node, rename, call, function));
    }
    return copy;
  }
}
