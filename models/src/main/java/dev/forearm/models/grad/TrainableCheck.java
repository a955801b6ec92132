package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Guards a training graph against what exporters do to parameters: fold them away, merge those that
 * start equal, leave copies, change their value.
 */
public final class TrainableCheck {
  private static final int SMALLEST_COPY = 16;

  private TrainableCheck() {}

  /**
   * Checks that each trainable name is one initializer with the checkpoint's value.
   *
   * @param graph the graph that trains
   * @param trainable names of initializers
   * @param checkpoint values by the same names
   * @throws ModelsFault naming the first parameter that is missing, folded, duplicated or different
   */
  public static void check(
      Graph graph, Collection<String> trainable, Map<String, HostTensor> checkpoint) {
    Map<String, Integer> readers = new HashMap<>();
    for (Node node : graph.nodes()) {
      node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
    }
    for (String name : trainable) {
      HostTensor value = graph.initializers().get(name);
      HostTensor wanted = checkpoint.get(name);
      if (value == null) {
        throw fault(graph, name, "is missing from the graph: folded or renamed by the exporter");
      }
      if (wanted == null) {
        throw fault(graph, name, "is missing from the checkpoint");
      }
      if (!readers.containsKey(name)) {
        throw fault(graph, name, "is read by no node: a folded copy took its place");
      }
      if (!value.sameAs(wanted)) {
        throw fault(graph, name, difference(value, wanted));
      }
      for (Map.Entry<String, HostTensor> other : graph.initializers().entrySet()) {
        if (!other.getKey().equals(name)
            && !trainable.contains(other.getKey())
            && readers.containsKey(other.getKey())
            && copies(value, other.getValue())) {
          throw fault(
              graph,
              name,
              "has a copy '" + other.getKey() + "' that would stay behind in training");
        }
      }
    }
  }

  /**
   * Unties initializers that the exporter merged because they started equal.
   *
   * @param names checkpoint names by the initializer that stands for them
   * @param tied names that are one parameter in the checkpoint too, by the initializer
   * @return the graph with one initializer for each name: readers get them in running order
   * @throws ModelsFault when the number of readers does not tell which is which
   */
  public static Graph untie(Graph graph, Map<String, List<String>> names, Set<String> tied) {
    Graph result = graph.copy();
    for (Map.Entry<String, List<String>> entry : names.entrySet()) {
      String merged = entry.getKey();
      List<String> wanted = entry.getValue();
      HostTensor value = result.initializers().get(merged);
      if (value == null) {
        throw fault(graph, merged, "is missing from the graph, but the name map knows it");
      }
      if (wanted.size() < 2 || tied.contains(merged)) {
        rename(result, merged, Map.of(), wanted.getFirst());
        result.initializers().remove(merged);
        result.initializers().put(wanted.getFirst(), value);
        continue;
      }
      Map<Integer, String> byNode = new LinkedHashMap<>();
      for (int i = 0; i < result.nodes().size(); i++) {
        if (result.nodes().get(i).inputs().contains(merged)) {
          byNode.put(i, byNode.size() < wanted.size() ? wanted.get(byNode.size()) : merged);
        }
      }
      if (byNode.size() != wanted.size()) {
        throw fault(
            graph,
            merged,
            "stands for " + wanted + " but has " + byNode.size() + " readers: cannot be untied");
      }
      rename(result, merged, byNode, merged);
      result.initializers().remove(merged);
      wanted.forEach(name -> result.initializers().put(name, value));
    }
    return result;
  }

  private static void rename(
      Graph graph, String from, Map<Integer, String> byNode, String otherwise) {
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (node.inputs().contains(from)) {
        String to = byNode.getOrDefault(i, otherwise);
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.replaceAll(input -> input.equals(from) ? to : input);
        graph.nodes().set(i, node.withInputs(inputs));
      }
    }
  }

  private static String difference(HostTensor found, HostTensor wanted) {
    if (!found.tensorType().equals(wanted.tensorType())) {
      return "is " + found + " in the graph and " + wanted + " in the checkpoint";
    }
    double worst = 0;
    for (int i = 0; i < found.size(); i++) {
      worst = Math.max(worst, Math.abs(found.at(i) - wanted.at(i)));
    }
    return "differs from the checkpoint by up to " + worst;
  }

  /** Same elements, or transposed; small tensors are equal by chance too often to tell. */
  private static boolean copies(HostTensor a, HostTensor b) {
    if (a.size() != b.size() || a.size() < SMALLEST_COPY || a.type() != b.type() || constant(a)) {
      return false;
    }
    if (a.sameAs(b)) {
      return true;
    }
    long[] x = a.dims();
    long[] y = b.dims();
    if (x.length != 2 || y.length != 2 || x[0] != y[1] || x[1] != y[0]) {
      return false;
    }
    for (int row = 0; row < x[0]; row++) {
      for (int column = 0; column < x[1]; column++) {
        if (a.at(row * (int) x[1] + column) != b.at(column * (int) x[0] + row)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean constant(HostTensor tensor) {
    for (int i = 1; i < tensor.size(); i++) {
      if (tensor.at(i) != tensor.at(0)) {
        return false;
      }
    }
    return true;
  }

  private static ModelsFault fault(Graph graph, String name, String what) {
    return new ModelsFault(
        "check trainable graph "
            + graph.source()
            + ": parameter '"
            + name
            + "' "
            + what
            + "; export it with the training exporter of models/export");
  }
}
