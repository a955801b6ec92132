package dev.forearm.models.onnx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Other names for values. In a body of control flow it is what the body takes from around it that
 * changes: a value of its own hides one of the same name.
 *
 * @param names new names by old ones
 */
public record Renaming(Map<String, String> names) {

  /** The node with its inputs, its outputs and what its bodies read renamed. */
  public Node of(Node node) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.replaceAll((_, attribute) ->
        attribute instanceof Attribute.Body(Graph body) ? new Attribute.Body(of(body)) : attribute);
    return new Node(
        node.op(), node.domain(), node.name(), of(node.inputs()), of(node.outputs()), attributes);
  }

  /** The names, those that have a new one replaced by it. */
  public List<String> of(List<String> values) {
    return values.stream().map(name -> names.getOrDefault(name, name)).toList();
  }

  private Graph of(Graph body) {
    Map<String, String> outer = new HashMap<>(names);
    body.inputs().keySet().forEach(outer::remove);
    body.initializers().keySet().forEach(outer::remove);
    body.nodes().forEach(node -> node.outputs().forEach(outer::remove));
    Renaming inner = new Renaming(outer);
    Graph copy = body.copy();
    copy.nodes().replaceAll(inner::of);
    copy.outputs().clear();
    body.outputs()
        .forEach((name, type) -> copy.outputs().put(outer.getOrDefault(name, name), type));
    return copy;
  }
}
