package dev.forearm.models.grad;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One node on the way back: what its rule reads, and where it puts what it finds. */
final class Backward {
  private final GraphBuilder builder;
  private final int position;
  private final List<@Nullable String> outputGradients;
  private final Set<String> active;
  private final Map<Integer, String> given = new HashMap<>();
  private final Set<Integer> read = new HashSet<>();
  private Node node;

  Backward(
      GraphBuilder builder,
      int position,
      List<@Nullable String> outputGradients,
      Set<String> active) {
    this.builder = builder;
    this.position = position;
    this.node = builder.graph().nodes().get(position);
    this.outputGradients = new ArrayList<>(outputGradients);
    this.active = active;
  }

  Node node() {
    return node;
  }

  /** The input at an index. */
  String x(int index) {
    return node.input(index);
  }

  /** The output at an index; asks the node for it where nobody did so far. */
  String y(int index) {
    if (!node.hasOutput(index)) {
      List<String> outputs = new ArrayList<>(node.outputs());
      while (outputs.size() <= index) {
        outputs.add("");
      }
      outputs.set(index, builder.fresh(node.op()));
      node = node.withOutputs(outputs);
      builder.replace(position, node);
    }
    return node.output(index);
  }

  String y() {
    return y(0);
  }

  /** The gradient of the first output; zeros where it has none. */
  String dy() {
    return dy(0);
  }

  /** The gradient of an output; zeros where it has none. */
  String dy(int index) {
    String gradient = hasDy(index) ? outputGradients.get(index) : null;
    read.add(index);
    if (gradient == null) {
      gradient = builder.zerosLike(node.output(index));
      outputGradients.set(index, gradient);
    }
    return gradient;
  }

  boolean hasDy(int index) {
    return index < outputGradients.size() && outputGradients.get(index) != null;
  }

  /** Whether an operator of the forward graph reads the first output. */
  boolean readBy(String op) {
    return builder.graph().nodes().stream()
        .anyMatch(reader -> reader.op().equals(op) && reader.inputs().contains(node.output(0)));
  }

  /** Whether an input needs a gradient. */
  boolean wants(int index) {
    return node.hasInput(index) && active.contains(node.input(index));
  }

  /** Hands over the gradient of an input. */
  void give(int index, String gradient) {
    given.put(index, gradient);
  }

  Map<Integer, String> given() {
    return given;
  }

  /**
   * Refuses that a gradient is lost here: of a further output that no rule read, or of an input.
   */
  void requireWhole() {
    for (int i = 1; i < node.outputs().size(); i++) {
      if (hasDy(i) && !read.contains(i)) {
        throw refuse(
            "no gradient passes from its output '%s'; let the loss not depend on it"
                .formatted(node.output(i)));
      }
    }
    for (int i = 0; i < node.inputs().size(); i++) {
      if (wants(i) && !given.containsKey(i)) {
        throw refuse(
            "no gradient passes to its input '%s'; train only what lies behind it"
                .formatted(node.input(i)));
      }
    }
  }

  /** An axis attribute counted from the front of an input's axes. */
  int axis(long axis, int input) {
    int rank = builder.rank(x(input));
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Sizes of an input, -1 where known only at run time. */
  long[] sizes(int input) {
    return builder.types().dims(x(input)).stream().mapToLong(dim -> dim.orUnknown()).toArray();
  }

  /** The spatial part of an input's sizes: what follows batch and channel. */
  long[] spatial(int input) {
    long[] sizes = sizes(input);
    return Arrays.copyOfRange(sizes, 2, sizes.length);
  }

  /** Says that the rule cannot differentiate this node as it is. */
  ModelsFault refuse(String what) {
    return new ModelsFault(
        "differentiate " + builder.graph().source() + ": node " + node.label() + ": " + what);
  }
}
