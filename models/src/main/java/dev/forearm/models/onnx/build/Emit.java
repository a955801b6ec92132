package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A node being written: attributes first, then {@link #one} or {@link #many} appends it. */
public final class Emit {
  private final GraphBuilder builder;
  private final String op;
  private final List<String> inputs;
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();

  Emit(GraphBuilder builder, String op, List<String> inputs) {
    this.builder = builder;
    this.op = op;
    this.inputs = inputs;
  }

  public Emit with(String name, long value) {
    return with(name, Attribute.of(value));
  }

  public Emit with(String name, float value) {
    return with(name, Attribute.of(value));
  }

  public Emit with(String name, String value) {
    return with(name, Attribute.of(value));
  }

  public Emit with(String name, long[] values) {
    return with(name, Attribute.of(values));
  }

  public Emit with(String name, Graph body) {
    return with(name, new Attribute.Body(body));
  }

  public Emit with(String name, Attribute value) {
    attributes.put(name, value);
    return this;
  }

  /** Appends the node; its only output gets a fresh name. */
  public String one() {
    return many(1).getFirst();
  }

  /** Appends the node under a given output name. */
  public String named(String output) {
    builder.append(new Node(op, "", "", inputs, List.of(output), attributes));
    return output;
  }

  /** Appends the node with {@code count} outputs of fresh names. */
  public List<String> many(int count) {
    List<String> outputs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      outputs.add(builder.fresh(op));
    }
    builder.append(new Node(op, "", "", inputs, outputs, attributes));
    return outputs;
  }
}
