package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
                "found outputs %s, wanted '%s', by name or as output %d"
                    .formatted(outputs.keySet(), role, place + 1)));
  }

  String outputOrData(String role, int place, String like) {
    return find(role, place).orElseGet(() -> dataLike(role, like));
  }

  /** A data input of the type and shape of a value. */
  String dataLike(String name, String value) {
    return data(name, builder.types().type(value));
  }

  /** A data input; it has a number behind its name where the graph has a value of that name. */
  String data(String name, TensorType type) {
    return builder.input(builder.free(name), type);
  }

  /** The output at a place, one number. */
  String number(String role, int place) {
    String value = output(role, place);
    TensorType type = builder.types().type(value);
    if (builder.types().dims(value).stream().anyMatch(dim -> dim.orUnknown() >= 0 && !dim.is(1))) {
      throw fault(
          "output '%s' is %s, wanted one number; reduce it to its mean in the graph"
              .formatted(role, type));
    }
    return value;
  }

  /** The graph with one of its outputs. */
  static Graph only(Graph graph, String output) {
    TensorType type = graph.outputs().get(output);
    if (type == null) {
      throw new ModelsFault(
          "append a loss to %s: found outputs %s, wanted '%s'"
              .formatted(graph.source(), graph.outputs().keySet(), output));
    }
    Graph copy = graph.copy();
    copy.outputs().keySet().retainAll(Set.of(output));
    return copy;
  }

  private String checked(String role, String name) {
    TensorType inferred = builder.types().find(name);
    TensorType type = inferred == null ? outputs.get(name) : inferred;
    if (type == null || type.dims() == null || !type.type().floating()) {
      throw fault(
          "output '%s' (%s) is %s%s, wanted floating point of known rank; name other outputs, or export with shapes"
              .formatted(
                  name,
                  role,
                  type == null ? "of unknown type" : type,
                  builder.types().whyUnknown(name)));
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
