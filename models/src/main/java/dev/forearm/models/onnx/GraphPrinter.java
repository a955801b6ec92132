package dev.forearm.models.onnx;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Graphs as text for people: one line a value, one line a node. */
public final class GraphPrinter {
  private GraphPrinter() {}

  /** The whole graph, in running order. */
  public static String print(Graph graph) {
    StringBuilder text =
        new StringBuilder(graph.source()).append(", opset ").append(graph.opset()).append('\n');
    graph.inputs().forEach((name, type) -> line(text, "input", name, type));
    graph.initializers().forEach((name, tensor) -> line(text, "weight", name, tensor));
    for (Node node : graph.nodes()) {
      text.append("  ").append(print(node)).append('\n');
    }
    graph.outputs().forEach((name, type) -> line(text, "output", name, type));
    return text.toString();
  }

  /** How often each operator occurs, by name. */
  public static Map<String, Integer> operators(Graph graph) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Node node : graph.nodes()) {
      String name = node.standard() ? node.op() : node.domain() + "::" + node.op();
      counts.merge(name, 1, Integer::sum);
    }
    return counts;
  }

  private static void line(StringBuilder text, String what, String name, Object type) {
    text.append("  ").append(what).append(' ').append(name).append(": ").append(type).append('\n');
  }

  private static String print(Node node) {
    String attributes =
        node.attributes().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + print(entry.getValue()))
            .collect(Collectors.joining(", "));
    return String.join(", ", node.outputs())
        + " = "
        + (node.standard() ? "" : node.domain() + "::")
        + node.op()
        + (attributes.isEmpty() ? "" : "[" + attributes + "]")
        + "("
        + String.join(", ", node.inputs())
        + ")";
  }

  private static String print(Attribute attribute) {
    return switch (attribute) {
      case Attribute.IntValue(long value) -> Long.toString(value);
      case Attribute.FloatValue(float value) -> Float.toString(value);
      case Attribute.TextValue(String value) -> '"' + value + '"';
      case Attribute.IntList(var values) -> values.toString();
      case Attribute.FloatList(var values) -> values.toString();
      case Attribute.TextList(var values) -> values.toString();
      case Attribute.TensorValue(HostTensor value) -> value.toString();
      case Attribute.Body(Graph body) -> "{" + body.nodes().size() + " nodes}";
      case Attribute.Reference(String name) -> "@" + name;
    };
  }
}
