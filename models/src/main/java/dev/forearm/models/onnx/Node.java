package dev.forearm.models.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One operator at work.
 *
 * @param op operator name, for example {@code MatMul}
 * @param domain operator set, empty for ai.onnx
 * @param name for people; may be empty
 * @param inputs value names; an empty name is an absent optional input
 * @param outputs value names; an empty name is an output nobody asked for
 * @param attributes by name
 */
public record Node(
    String op,
    String domain,
    String name,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {

  /** The operator that blocks gradients, whatever its domain. */
  public static final String STOP_GRADIENT = "StopGradient";

  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** Whether this is an operator of ai.onnx. */
  public boolean standard() {
    return domain.isEmpty();
  }

  /** The input at an index, or the empty name where it is absent. */
  public String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  public boolean hasInput(int index) {
    return !input(index).isEmpty();
  }

  /** The output at an index, or the empty name where nobody asked for it. */
  public String output(int index) {
    return index < outputs.size() ? outputs.get(index) : "";
  }

  public boolean hasOutput(int index) {
    return !output(index).isEmpty();
  }

  public boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  /** An integer attribute, or its default. */
  public long integer(String attribute, long fallback) {
    return attributes.get(attribute) instanceof Attribute.IntValue(long value) ? value : fallback;
  }

  /** A float attribute, or its default. */
  public float real(String attribute, float fallback) {
    return attributes.get(attribute) instanceof Attribute.FloatValue(float value)
        ? value
        : fallback;
  }

  /** A text attribute, or its default. */
  public String text(String attribute, String fallback) {
    return attributes.get(attribute) instanceof Attribute.TextValue(String value)
        ? value
        : fallback;
  }

  /** A list of integers, or null where the attribute is absent. */
  public long @Nullable [] integers(String attribute) {
    return attributes.get(attribute) instanceof Attribute.IntList list ? list.array() : null;
  }

  /** A list of texts; empty where the attribute is absent. */
  public List<String> texts(String attribute) {
    return attributes.get(attribute) instanceof Attribute.TextList(List<String> values)
        ? values
        : List.of();
  }

  /** A tensor attribute. */
  public Optional<HostTensor> tensor(String attribute) {
    return attributes.get(attribute) instanceof Attribute.TensorValue(HostTensor value)
        ? Optional.of(value)
        : Optional.empty();
  }

  /** Graphs inside it, which are bodies of control flow. */
  public Stream<Graph> bodies() {
    return attributes.values().stream()
        .flatMap(attribute ->
            attribute instanceof Attribute.Body(Graph body) ? Stream.of(body) : Stream.empty());
  }

  /** The same node with other outputs. */
  public Node withOutputs(List<String> others) {
    return new Node(op, domain, name, inputs, others, attributes);
  }

  /** The same node with other inputs. */
  public Node withInputs(List<String> others) {
    return new Node(op, domain, name, others, outputs, attributes);
  }

  /** For messages: operator, name and first output. */
  public String label() {
    String operator = domain.isEmpty() ? op : domain + "::" + op;
    return operator + (name.isEmpty() ? "" : " '" + name + "'") + " -> '" + output(0) + "'";
  }
}
