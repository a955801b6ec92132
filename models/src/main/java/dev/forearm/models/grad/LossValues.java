package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values a loss looks at: outputs of the graph, by name or by place, and inputs for data. */
final class LossValues {
  private final GraphBuilder builder;
  private final Map<String, TensorType> outputs;

  LossValues(GraphBuilder builder) {
    this.builder = builder;
    this.outputs = builder.graph().outputs();
  }

  /** The output of this name. */
  Optional<String> named(String role) {
    return outputs.containsKey(role) ? Optional.of(checked(role, role)) : Optional.empty();
  }

  /** The output of this name, or else the one at this place. */
  Optional<String> find(String role, int place) {
    List<String> names = List.copyOf(outputs.keySet());
    return named(role)
        .or(() ->
            place < names.size() ? Optional.of(checked(role, names.get(place))) : Optional.empty());
  }

  /** The output of this name, or else the one at this place; refuses a graph that has neither. */
  String output(String role, int place) {
    return find(role, place)
        .orElseThrow(() ->
            fault(
                "found outputs %s, wanted '%s', by name or as output %s"
                    .formatted(outputs.keySet(), role, place + 1)));
  }

  String outputOrData(String role, int place, String like) {
    return find(role, place).orElseGet(() -> dataLike(role, like));
  }

  /** A data input of the type and shape of a value. */
  String dataLike(String name, String value) {
    return data(name, builder.types().type(value));
  }

  /** A data input. */
  String data(String name, TensorType type) {
    if (builder.graph().inputs().containsKey(name) || builder.types().find(name) != null) {
      throw fault(
          "the graph has a value '%s' of its own, a name that the loss wants for its data; export it under another"
              .formatted(name));
    }
    return builder.input(name, type);
  }

  private String checked(String role, String name) {
    TensorType inferred = builder.types().find(name);
    TensorType type = inferred == null ? outputs.get(name) : inferred;
    if (type == null || type.dims() == null || !type.type().floating()) {
      throw fault(
          "output '%s' (%s) is %s, wanted floating point of known rank; name other outputs, or export with shapes"
              .formatted(name, role, type == null ? "of unknown type" : type));
    }
    if (inferred == null) {
      builder.types().declare(name, type);
    }
    return name;
  }

  private ModelsFault fault(String what) {
    return new ModelsFault("append a loss to " + builder.graph().source() + ": " + what);
  }
}
