package dev.forearm.models.grad;

import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.Renaming;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes If, Loop and Scan out where their course is known before the graph runs: the branch that
 * is taken, or every turn one after the other. What depends on values at run time stays as it is.
 */
final class ControlFlow {
  static final Set<String> OPERATORS = Set.of("If", "Loop", "Scan");

  /** A bound on what a graph may become, and on turns that leave nothing behind. */
  private static final int MOST_NODES = 20_000;

  private final GraphBuilder o;
  private final Consumer<Node> write;
  private int bodies;

  /**
   * @param write writes one node of a body, itself lowered
   */
  ControlFlow(GraphBuilder o, Consumer<Node> write) {
    this.o = o;
    this.write = write;
  }

  static boolean concerns(Node node) {
    return node.standard() && OPERATORS.contains(node.op());
  }

  /** Writes a node out, or appends it as it is. */
  void write(Node node) {
    int before = o.graph().nodes().size();
    List<String> results =
        switch (node.op()) {
          case "If" -> branch(node);
          case "Loop" -> loop(node);
          default -> scan(node);
        };
    if (results == null) {
      List<Node> nodes = o.graph().nodes();
      nodes.subList(before, nodes.size()).clear();
      o.append(node);
      return;
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      if (node.hasOutput(i)) {
        write.accept(
            new Node(
                "Identity", "", "", List.of(results.get(i)), List.of(node.output(i)), Map.of()));
      }
    }
  }

  private @Nullable List<String> branch(Node node) {
    long[] condition = o.types().knownNumbers(node.input(0));
    if (condition == null || condition.length != 1) {
      return null;
    }
    Graph body = body(node, condition[0] != 0 ? "then_branch" : "else_branch");
    return body == null ? null : turn(body, List.of());
  }

  private @Nullable List<String> loop(Node node) {
    Graph body = body(node, "body");
    long turns = number(node.input(0), Long.MAX_VALUE);
    long goesOn = number(node.input(1), 1);
    if (body == null || turns < 0 || goesOn < 0) {
      return null;
    }
    int states = node.inputs().size() - 2;
    List<String> values = new ArrayList<>(node.inputs().subList(2, node.inputs().size()));
    List<List<String>> collected = lists(body.outputs().size() - 1 - states);
    String condition = flag(goesOn != 0);
    for (long i = 0; i < turns && goesOn != 0; i++) {
      List<String> arguments = new ArrayList<>(List.of(o.index(i), condition));
      arguments.addAll(values);
      List<String> results = turn(body, arguments);
      condition = results.getFirst();
      goesOn = number(condition, 1);
      if (goesOn < 0 || tooLong()) {
        return null;
      }
      values = results.subList(1, 1 + states);
      for (int k = 0; k < collected.size(); k++) {
        collected.get(k).add(results.get(1 + states + k));
      }
    }
    return joined(values, collected, new long[collected.size()]);
  }

  private @Nullable List<String> scan(Node node) {
    Graph body = body(node, "body");
    int rows = (int) node.integer("num_scan_inputs", 0);
    int states = node.inputs().size() - rows;
    if (body == null || rows < 1 || states < 0 || node.has("scan_output_directions")) {
      return null;
    }
    List<List<String>> slices = new ArrayList<>();
    for (int k = 0; k < rows; k++) {
      List<String> slice = slices(node, node.input(states + k), k);
      if (slice == null) {
        return null;
      }
      slices.add(slice);
    }
    List<String> values = new ArrayList<>(node.inputs().subList(0, states));
    List<List<String>> collected = lists(body.outputs().size() - states);
    for (int i = 0; i < slices.getFirst().size(); i++) {
      List<String> arguments = new ArrayList<>(values);
      for (List<String> slice : slices) {
        arguments.add(slice.get(i));
      }
      List<String> results = turn(body, arguments);
      if (tooLong()) {
        return null;
      }
      values = results.subList(0, states);
      for (int k = 0; k < collected.size(); k++) {
        collected.get(k).add(results.get(states + k));
      }
    }
    long[] axes = node.integers("scan_output_axes");
    return joined(values, collected, axes == null ? new long[collected.size()] : axes);
  }

  /** What a Scan reads in each turn of one input. */
  private @Nullable List<String> slices(Node node, String x, int which) {
    long[] axes = node.integers("scan_input_axes");
    long[] directions = node.integers("scan_input_directions");
    List<Dim> dims = o.types().dims(x);
    long axis = axes == null ? 0 : axes[which];
    int front = (int) (axis < 0 ? axis + dims.size() : axis);
    if (!(dims.get(front) instanceof Dim.Known(long size)) || size < 1 || size > MOST_NODES) {
      return null;
    }
    long[] ones = new long[(int) size];
    Arrays.fill(ones, 1);
    List<String> parts =
        size == 1
            ? List.of(x)
            : o.node("Split", x, o.longs(ones)).with("axis", (long) front).many((int) size);
    List<String> result = new ArrayList<>();
    parts.forEach(part -> result.add(o.squeeze(part, front)));
    return directions != null && directions[which] != 0 ? result.reversed() : result;
  }

  private @Nullable List<String> joined(
      List<String> values, List<List<String>> collected, long[] axes) {
    List<String> results = new ArrayList<>(values);
    for (int k = 0; k < collected.size(); k++) {
      if (collected.get(k).isEmpty()) {
        return null;
      }
      long axis = axes[k];
      results.add(
          o.concat(axis, collected.get(k).stream().map(part -> o.unsqueeze(part, axis)).toList()));
    }
    return results;
  }

  /** Writes a body once, its inputs replaced by {@code arguments}; gives its outputs' names. */
  private List<String> turn(Graph body, List<String> arguments) {
    String prefix = "body" + ++bodies + "/";
    Map<String, String> names = new HashMap<>();
    int i = 0;
    for (String input : body.inputs().keySet()) {
      names.put(input, arguments.get(i++));
    }
    for (Node node : body.nodes()) {
      node.outputs().stream()
          .filter(output -> !output.isEmpty())
          .forEach(output -> names.put(output, prefix + output));
      body.hints().forEach((name, type) -> o.graph().hints().putIfAbsent(prefix + name, type));
    }
    Renaming renaming = new Renaming(names);
    body.nodes().forEach(node -> write.accept(renaming.of(node)));
    return renaming.of(List.copyOf(body.outputs().keySet()));
  }

  private static @Nullable Graph body(Node node, String attribute) {
    return node.attributes().get(attribute) instanceof Attribute.Body(Graph body) ? body : null;
  }

  /** A number that is known, {@code absent} without one, or -1 where only the run will tell. */
  private long number(String name, long absent) {
    if (name.isEmpty()) {
      return absent;
    }
    long[] known = o.types().knownNumbers(name);
    return known == null || known.length != 1 ? -1 : known[0];
  }

  private String flag(boolean value) {
    return o.constant(HostTensor.ofValues(ElementType.BOOL, new long[0], value ? 1 : 0));
  }

  private boolean tooLong() {
    return bodies > MOST_NODES || o.graph().nodes().size() > MOST_NODES;
  }

  private static List<List<String>> lists(int count) {
    List<List<String>> lists = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lists.add(new ArrayList<>());
    }
    return lists;
  }
}
