package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphValidator;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which checkpoint parameter each initializer of a graph stands for, where an exporter has changed
 * names or numbers:
 *
 * <ul>
 *   <li>renamed: {@code onnx::MatMul_7 -> encoder.weight};
 *   <li>merged, since both started equal: {@code shared -> a.bias, b.bias}; each reader gets its
 *       own again, in running order;
 *   <li>untied: {@code head.weight -> embed.weight} and {@code embed.weight} too; both become one,
 *       transposed where they are each other's transpose, so that they are trained as one.
 * </ul>
 *
 * @param names checkpoint names by initializer; initializers that are not in it keep their name
 * @param tied initializers whose several names are one parameter in the checkpoint too; the first
 *     name stands for all
 */
public record ParameterNames(Map<String, List<String>> names, Set<String> tied) {
  public ParameterNames {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    names.forEach((initializer, all) -> {
      if (all.isEmpty() || all.stream().anyMatch(String::isBlank)) {
        throw new IllegalArgumentException("no name for initializer '" + initializer + "'");
      }
      copy.put(initializer, List.copyOf(all));
    });
    names = Collections.unmodifiableMap(copy);
    tied = Set.copyOf(tied);
  }

  /** Every initializer is called as its parameter. */
  public static ParameterNames asTheyAre() {
    return new ParameterNames(Map.of(), Set.of());
  }

  /** One or more names, separated by commas, for each initializer. */
  public static ParameterNames of(Map<String, String> names) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    names.forEach((initializer, text) ->
        lists.put(initializer, Arrays.stream(text.split(",", -1)).map(String::strip).toList()));
    return new ParameterNames(lists, Set.of());
  }

  /**
   * The graph with one initializer for each parameter, under its name.
   *
   * @throws ModelsFault when an initializer is missing, the number of readers does not tell which
   *     of several names is which, or initializers of one name differ in value
   */
  public Graph apply(Graph graph) {
    Graph result = graph.copy();
    Map<String, HostTensor> found = new LinkedHashMap<>();
    for (String initializer : names.keySet()) {
      HostTensor value = result.initializers().remove(initializer);
      if (value == null) {
        throw fault(graph, initializer, "is missing from the graph, but the name map knows it");
      }
      found.put(initializer, value);
    }
    // First aside, so that names may be swapped.
    found.keySet().forEach(name -> replace(result, name, aside(name)));
    found.forEach((initializer, value) -> place(result, initializer, value));
    return result;
  }

  private static String aside(String name) {
    return name + "/exported";
  }

  private void place(Graph graph, String initializer, HostTensor value) {
    List<String> wanted = names.getOrDefault(initializer, List.of(initializer));
    String from = aside(initializer);
    if (wanted.size() == 1 || tied.contains(initializer)) {
      tie(graph, from, wanted.getFirst(), value);
      return;
    }
    Map<Integer, String> byNode = new LinkedHashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (graph.nodes().get(i).inputs().contains(from)) {
        byNode.put(i, byNode.size() < wanted.size() ? wanted.get(byNode.size()) : from);
      }
    }
    if (byNode.size() != wanted.size()) {
      throw fault(
          graph,
          initializer,
          "stands for " + wanted + " but has " + byNode.size() + " readers: cannot be untied");
    }
    byNode.forEach((node, name) -> replace(graph, node, from, name));
    wanted.forEach(name -> put(graph, name, value));
  }

  /** Lets the readers of {@code from} read {@code name}, which may be there already. */
  private static void tie(Graph graph, String from, String name, HostTensor value) {
    HostTensor other = graph.initializers().get(name);
    if (other == null || other.sameAs(value)) {
      graph.initializers().put(name, value);
      replace(graph, from, name);
    } else if (TrainableCheck.transposes(other, value)) {
      graph.nodes().addFirst(new Node("Transpose", "", "", List.of(name), List.of(from), Map.of()));
    } else {
      throw fault(
          graph,
          name,
          "is "
              + other
              + " and "
              + value
              + " with other numbers: initializers of one name have to be equal, or transposed");
    }
  }

  private static void put(Graph graph, String name, HostTensor value) {
    HostTensor other = graph.initializers().put(name, value);
    if (other != null && !other.sameAs(value)) {
      throw fault(graph, name, "is there already with another value");
    }
  }

  private static void replace(Graph graph, String from, String to) {
    for (int i = 0; i < graph.nodes().size(); i++) {
      replace(graph, i, from, to);
    }
  }

  private static void replace(Graph graph, int index, String from, String to) {
    Node node = graph.nodes().get(index);
    if (node.inputs().contains(from)) {
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.replaceAll(input -> input.equals(from) ? to : input);
      graph.nodes().set(index, node.withInputs(inputs));
    } else if (GraphValidator.reads(node).contains(from)) {
      throw fault(graph, to, "is read inside of " + node.label() + ", where it cannot be renamed");
    }
  }

  private static ModelsFault fault(Graph graph, String name, String what) {
    return TrainableCheck.fault(graph, name, what);
  }
}
