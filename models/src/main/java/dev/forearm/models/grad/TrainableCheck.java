package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.GraphValidator;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

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
      GraphValidator.reads(node).forEach(input -> readers.merge(input, 1, Integer::sum));
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
    return transposes(a, b);
  }

  /** Whether two matrices are each other's transpose. */
  static boolean transposes(HostTensor a, HostTensor b) {
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

  static ModelsFault fault(Graph graph, String name, String what) {
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
