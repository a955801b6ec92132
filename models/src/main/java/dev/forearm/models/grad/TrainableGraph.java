package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph made ready to learn: forward, loss and backward in one plain ONNX graph. Each trainable
 * parameter is an input under its own name; {@code loss} is the first output, {@code grad.NAME} the
 * gradient of each parameter, or of an input whose gradient was asked for. Inputs that loss and
 * gradients do not depend on are left out. Values of the graph's own give way to these names; so do
 * the data of a loss to inputs of the graph, {@code target} then being {@code target_1}.
 *
 * @param graph the training graph
 * @param parameters trainable parameters in order, with the values they start from
 * @param unused trainable names that the loss does not depend on; they are not inputs
 */
public record TrainableGraph(Graph graph, Map<String, HostTensor> parameters, List<String> unused) {
  public static final String LOSS = "loss";
  public static final String GRADIENT = "grad.";
  public static final String TARGET = "target";

  private static final String WALL = "StopGradient:";

  /** The model as bytes for a session or a file. */
  public byte[] bytes() {
    return OnnxWriter.bytes(graph);
  }

  /** Writes a loss over a graph's values and gives the name of that one-element value. */
  @FunctionalInterface
  public interface LossFragment {
    String append(GraphBuilder builder);
  }

  /**
   * Derives a training graph.
   *
   * @param forward the graph as it was exported; not changed
   * @param loss appends the loss to it
   * @param trainable names of initializers to train
   * @throws ModelsFault when an operator on the way has no rule, or a name is not trainable
   */
  public static TrainableGraph derive(
      Graph forward, LossFragment loss, Collection<String> trainable) {
    return derive(forward, loss, trainable, List.of());
  }

  /**
   * Derives a training graph that also hands out gradients of inputs.
   *
   * @param inputs names of graph inputs whose gradient is wanted as {@code grad.NAME}
   */
  public static TrainableGraph derive(
      Graph forward, LossFragment loss, Collection<String> trainable, Collection<String> inputs) {
    GraphBuilder builder = Lowering.lower(ReservedNames.freed(forward));
    Graph graph = builder.graph();
    Set<String> wanted = new LinkedHashSet<>();
    Map<String, HostTensor> parameters = new LinkedHashMap<>();
    for (String name : trainable) {
      HostTensor value = graph.initializers().get(name);
      if (value == null || !value.type().floating()) {
        throw new ModelsFault(
            "derive gradients of "
                + forward.source()
                + ": '"
                + name
                + "' is "
                + (value == null ? "no initializer" : "an initializer of " + value.type())
                + ", wanted a floating-point initializer; see the list that grad prints");
      }
      parameters.put(name, value);
      wanted.add(name);
    }
    for (String name : inputs) {
      if (!graph.inputs().containsKey(name)) {
        throw new ModelsFault(
            "derive gradients of "
                + forward.source()
                + ": found no input '"
                + name
                + "' among "
                + graph.inputs().keySet());
      }
      wanted.add(name);
    }
    appendLoss(builder, loss);
    Map<String, String> gradients = Gradients.append(builder, LOSS, wanted);
    List<String> unused = new ArrayList<>();
    for (String name : wanted) {
      String gradient = gradients.get(name);
      TensorType type = builder.types().type(name);
      if (gradient == null) {
        unused.add(name);
        parameters.remove(name);
        continue;
      }
      if (parameters.containsKey(name)) {
        graph.initializers().remove(name);
        graph.inputs().put(name, type);
      }
      builder.output(GRADIENT + name, gradient);
      graph.outputs().put(GRADIENT + name, type);
    }
    graph.nodes().replaceAll(TrainableGraph::withoutWall);
    Pruning.removeUnused(graph);
    Pruning.removeUnreadInputs(graph);
    return new TrainableGraph(graph, parameters, List.copyOf(unused));
  }

  /** Makes a loss the only output, under its name and of rank 0. */
  static void appendLoss(GraphBuilder builder, LossFragment loss) {
    if (builder.types().find(LOSS) != null) {
      throw new ModelsFault(
          "append a loss to "
              + builder.graph().source()
              + ": the graph has a value '"
              + LOSS
              + "' of its own, a reserved name; export it under another");
    }
    String value = loss.append(builder);
    builder.graph().outputs().clear();
    builder.output(LOSS, builder.reshape(value, new long[0]));
  }

  /** Once gradients are formed, StopGradient is an Identity: only standard operators leave here. */
  private static Node withoutWall(Node node) {
    return node.op().equals(Node.STOP_GRADIENT)
        ? new Node("Identity", "", WALL + node.output(0), node.inputs(), node.outputs(), Map.of())
        : node;
  }

  /** Whether a node of a training graph was a StopGradient. */
  static boolean isWall(Node node) {
    return node.op().equals("Identity") && node.name().startsWith(WALL);
  }
}
