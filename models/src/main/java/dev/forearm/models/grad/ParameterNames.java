package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphValidator;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.Renaming;
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
   * These names and, for initializers they do not know, those of the parameters that an exporter
   * merged since all of them start as the same constant, as biases and norms do: zeros here and
   * zeros there are a coincidence. Equal numbers that differ among themselves are a tie, and stay.
   */
  public ParameterNames unmerging(Graph graph) {
    Map<String, List<String>> all = new LinkedHashMap<>(names);
    merged(graph)
        .forEach((initializer, readAs) -> {
          HostTensor value = graph.initializers().get(initializer);
          if (value != null && value.size() > 1 && constant(value)) {
            all.putIfAbsent(initializer, readAs);
          }
        });
    return new ParameterNames(all, tied);
  }

  private static boolean constant(HostTensor value) {
    for (int i = 1; i < value.size(); i++) {
      if (value.at(i) != value.at(0)) {
        return false;
      }
    }
    return true;
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
    untie(graph, initializer, wanted);
    wanted.forEach(name -> put(graph, name, value));
  }

  /** Gives each reader one of the wanted names. */
  private static void untie(Graph graph, String initializer, List<String> wanted) {
    String from = aside(initializer);
    List<String> left = new ArrayList<>(wanted);
    // A reader that only gives it another name says itself which one it is.
    graph.nodes().removeIf(node -> renames(node, from) && left.remove(node.output(0)));
    List<Integer> readers = readers(graph, from);
    if (readers.size() != left.size() && left.size() != 1) {
      throw fault(
          graph,
          initializer,
          "stands for "
              + left
              + " but has "
              + readers.size()
              + " readers: cannot be untied, give one name for each in running order");
    }
    for (int i = 0; i < readers.size(); i++) {
      replace(graph, readers.get(i), from, left.get(left.size() == 1 ? 0 : i));
    }
  }

  private static boolean renames(Node node, String value) {
    return node.standard() && node.op().equals("Identity") && node.input(0).equals(value);
  }

  private static List<Integer> readers(Graph graph, String value) {
    List<Integer> readers = new ArrayList<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      if (GraphValidator.reads(graph.nodes().get(i)).contains(value)) {
        readers.add(i);
      }
    }
    return readers;
  }

  /**
   * Initializers that a graph reads under other names as well, which older exporters do where
   * parameters start equal, and where they are tied: only their author knows which.
   *
   * @return by initializer all its names, as {@link #of} takes them to untie them
   */
  public static Map<String, List<String>> merged(Graph graph) {
    Map<String, List<String>> merged = new LinkedHashMap<>();
    for (String name : graph.initializers().keySet()) {
      List<String> names = new ArrayList<>();
      for (int reader : readers(graph, name)) {
        Node node = graph.nodes().get(reader);
        String read = renames(node, name) ? node.output(0) : name;
        if (!names.contains(read)) {
          names.add(read);
        }
      }
      if (names.size() > 1) {
        merged.put(name, names);
      }
    }
    return merged;
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
    if (GraphValidator.reads(node).contains(from)) {
      graph.nodes().set(index, new Renaming(Map.of(from, to)).of(node));
    }
  }

  private static ModelsFault fault(Graph graph, String name, String what) {
    return TrainableCheck.fault(graph, name, what);
  }
}
