package dev.forearm.models.onnx.build;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each value of a graph before it runs: its type, and for small integer tensors
 * (shapes, axes, indices) the numbers in it, some of them symbols.
 */
public final class TypeTable {
  private static final int MOST_NUMBERS = 1024;

  private final Graph graph;
  private final Map<String, TensorType> types = new HashMap<>();
  private final Map<String, List<Dim>> numbers = new HashMap<>();
  private final Map<String, HostTensor> constants = new HashMap<>();
  private final Map<String, Node> lostAt = new HashMap<>();

  /**
   * Infers the types of a whole graph.
   *
   * @throws ModelsFault where a node's inputs cannot be what they are
   */
  public TypeTable(Graph graph) {
    this.graph = graph;
    types.putAll(graph.inputs());
    graph.initializers().forEach(this::constant);
    graph.nodes().forEach(this::infer);
  }

  /** The type of a value, or null where inference knows none. */
  public @Nullable TensorType find(String name) {
    return types.get(name);
  }

  /**
   * The type of a value.
   *
   * @throws ModelsFault where inference knows none
   */
  public TensorType type(String name) {
    TensorType type = types.get(name);
    if (type == null) {
      throw new ModelsFault(
          "infer types of "
              + graph.source()
              + ": tensor '"
              + name
              + "': its type is unknown"
              + whyUnknown(name)
              + ", wanted one; export with value_info or a known operator");
    }
    return type;
  }

  /** Rank of a value; fails where it is unknown. */
  public int rank(String name) {
    return dims(name).size();
  }

  /** Dimensions of a value; fails where not even the rank is known. */
  public List<Dim> dims(String name) {
    List<Dim> dims = type(name).dims();
    if (dims == null) {
      throw new ModelsFault(
          "infer types of "
              + graph.source()
              + ": tensor '"
              + name
              + "': its rank is unknown"
              + whyUnknown(name)
              + ", wanted a fixed number of dimensions");
    }
    return dims;
  }

  /** The numbers in a small integer tensor of rank 0 or 1, or null where they are not known. */
  public @Nullable List<Dim> numbers(String name) {
    return numbers.get(name);
  }

  /** The numbers in a small integer tensor, or null where any is known only at run time. */
  public long @Nullable [] knownNumbers(String name) {
    List<Dim> found = numbers.get(name);
    if (found == null || !found.stream().allMatch(Dim.Known.class::isInstance)) {
      return null;
    }
    return found.stream().mapToLong(Dim::orUnknown).toArray();
  }

  /** The value of an initializer or Constant node, or null where it is neither. */
  public @Nullable HostTensor constant(String name) {
    return constants.get(name);
  }

  /** The values of a small constant of any number type, or null. */
  float @Nullable [] floats(String name) {
    HostTensor tensor = constants.get(name);
    return tensor == null || tensor.size() > MOST_NUMBERS ? null : tensor.floats();
  }

  /** States the type of a value that no node of this graph computes. */
  public void declare(String name, TensorType type) {
    types.put(name, type);
  }

  /** Learns a constant. */
  void constant(String name, HostTensor tensor) {
    types.put(name, tensor.tensorType());
    constants.put(name, tensor);
    if (!tensor.type().floating() && tensor.rank() <= 1 && tensor.size() <= MOST_NUMBERS) {
      List<Dim> list = new ArrayList<>();
      for (long value : tensor.longs()) {
        list.add(IntegerRules.held(Dim.of(value), tensor.type()));
      }
      numbers.put(name, List.copyOf(list));
    }
  }

  /** Learns what a node computes from what is known of its inputs. */
  void infer(Node node) {
    try {
      Inference inference = new Inference(this, node);
      ShapeRules.apply(inference);
      IntegerRules.apply(inference);
    } catch (ModelsFault e) {
      throw e;
    } catch (RuntimeException e) {
      // Whatever a rule stumbles over, it is the node that is refused.
      throw fault(node, "its inputs do not fit (" + e.getMessage() + ")");
    }
    for (String output : node.outputs()) {
      TensorType hint = declared(output);
      TensorType known = types.get(output);
      if (hint != null
          && (known == null || (known.dims() == null && known.type() == hint.type()))) {
        types.put(output, hint);
      }
      TensorType found = types.get(output);
      if (found == null || found.dims() == null) {
        lostAt.put(output, loser(node));
      }
    }
  }

  /**
   * Where the shape of what a node computes was lost: at the node that made an input so, or here.
   */
  private Node loser(Node node) {
    for (String input : node.inputs()) {
      Node before = lostAt.get(input);
      if (before != null) {
        return before;
      }
    }
    return node;
  }

  /** What the file says of a value that a node computes, or null. */
  @Nullable TensorType declared(String name) {
    TensorType hint = graph.hints().get(name);
    return hint == null ? graph.outputs().get(name) : hint;
  }

  /** Why the shape of a value is not known, for messages; empty where nothing is to be said. */
  public String whyUnknown(String name) {
    Node node = lostAt.get(name);
    if (node == null) {
      return "";
    }
    String why =
        switch (node.op()) {
          case "Squeeze" -> "drops the axes of size 1, which only the run tells; give it its axes";
          case "If", "Loop", "Scan" -> "runs a course that only the run tells";
          default -> "says it only when it runs";
        };
    return " (%s %s, or export with sizes fixed)".formatted(node.label(), why);
  }

  /**
   * @throws IllegalArgumentException when the shape is absurd
   */
  void set(String name, TensorType type) {
    if (!type.absurdity().isEmpty()) {
      throw new IllegalArgumentException("'" + name + "' has " + type.absurdity());
    }
    if (!name.isEmpty()) {
      types.put(name, type);
    }
  }

  void setNumbers(String name, List<Dim> values) {
    if (!name.isEmpty() && values.size() <= MOST_NUMBERS) {
      numbers.put(name, List.copyOf(values));
    }
  }

  int opset() {
    return graph.opset();
  }

  ModelsFault fault(Node node, String what) {
    StringBuilder inputs = new StringBuilder();
    for (String input : node.inputs()) {
      TensorType type = types.get(input);
      inputs
          .append(inputs.isEmpty() ? "" : ", ")
          .append("'")
          .append(input)
          .append("' ")
          .append(type == null ? "(unknown)" : type);
    }
    return new ModelsFault(
        "infer types of "
            + graph.source()
            + ": node "
            + node.label()
            + ": "
            + what
            + "; inputs: "
            + inputs);
  }
}
