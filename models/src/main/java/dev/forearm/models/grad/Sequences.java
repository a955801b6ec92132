package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows sequences of tensors, as exporters write them for split, chunk and unbind, and reads
 * single tensors out of them: where length and position are known, what came out of a sequence is a
 * tensor like any other, and gradients flow. The sequence itself stays in the graph for whoever
 * still reads it; if nobody does, it is pruned.
 */
final class Sequences {
  static final Set<String> OPERATORS =
      Set.of(
          "SplitToSequence",
          "SequenceConstruct",
          "SequenceEmpty",
          "SequenceInsert",
          "SequenceErase",
          "SequenceAt",
          "SequenceLength",
          "ConcatFromSequence");

  private static final int LONGEST = 4096;

  private final GraphBuilder o;
  private final Map<String, List<String>> known = new HashMap<>();

  Sequences(GraphBuilder o) {
    this.o = o;
  }

  static boolean concerns(Node node) {
    return node.standard() && OPERATORS.contains(node.op());
  }

  /** Appends a node; a tensor that it takes from a known sequence is named directly. */
  void write(Node node) {
    String read = reading(node);
    if (read != null) {
      o.node("Identity", read).named(node.output(0));
      return;
    }
    List<String> elements = elements(node);
    if (elements != null && elements.size() <= LONGEST) {
      known.put(node.output(0), List.copyOf(elements));
    }
    o.append(node);
  }

  /** Gives a sequence a second name. */
  void alias(String from, String to) {
    List<String> elements = known.get(from);
    if (elements != null) {
      known.put(to, elements);
    }
  }

  /** The tensor that a node reads from a known sequence, or null where it does not. */
  private @Nullable String reading(Node node) {
    List<String> from = known.get(node.input(0));
    if (from == null) {
      return null;
    }
    return switch (node.op()) {
      case "SequenceAt" -> {
        int position = position(node, 1, from.size(), from.size() - 1);
        yield position < 0 ? null : from.get(position);
      }
      case "SequenceLength" -> o.index(from.size());
      case "ConcatFromSequence" -> {
        boolean stacks = node.integer("new_axis", 0) != 0;
        long axis = node.integer("axis", 0);
        List<String> parts =
            stacks ? from.stream().map(part -> o.unsqueeze(part, axis)).toList() : from;
        yield parts.isEmpty() ? null : o.concat(axis, parts);
      }
      default -> null;
    };
  }

  /** What the sequence that a node makes consists of, or null where that is not known. */
  private @Nullable List<String> elements(Node node) {
    List<String> from = known.get(node.input(0));
    return switch (node.op()) {
      case "SequenceConstruct" -> node.inputs();
      case "SequenceEmpty" -> List.of();
      case "SplitToSequence" -> split(node);
      case "SequenceInsert" -> {
        int at = from == null ? -1 : position(node, 2, from.size() + 1, from.size());
        yield from == null || at < 0 ? null : inserted(from, at, node.input(1));
      }
      case "SequenceErase" -> {
        int at = from == null ? -1 : position(node, 1, from.size(), from.size() - 1);
        yield from == null || at < 0 ? null : erased(from, at);
      }
      default -> null;
    };
  }

  private static List<String> inserted(List<String> from, int at, String element) {
    List<String> result = new ArrayList<>(from);
    result.add(at, element);
    return result;
  }

  private static List<String> erased(List<String> from, int at) {
    List<String> result = new ArrayList<>(from);
    result.remove(at);
    return result;
  }

  /** A position counted from the front; -1 where it is known only at run time or outside. */
  private int position(Node node, int input, int size, int absent) {
    if (!node.hasInput(input)) {
      return absent;
    }
    long[] given = o.types().knownNumbers(node.input(input));
    if (given == null || given.length != 1) {
      return -1;
    }
    long front = given[0] < 0 ? given[0] + size : given[0];
    return front >= 0 && front < size ? (int) front : -1;
  }

  private @Nullable List<String> split(Node node) {
    String x = node.input(0);
    if (o.types().find(x) == null) {
      return null;
    }
    List<Dim> dims = o.types().dims(x);
    long axis = node.integer("axis", 0);
    int front = (int) (axis < 0 ? axis + dims.size() : axis);
    long[] sizes = sizes(node, dims.get(front));
    if (sizes == null) {
      return null;
    }
    List<String> parts =
        sizes.length == 1
            ? List.of(x)
            : o.node("Split", x, o.longs(sizes)).with("axis", (long) front).many(sizes.length);
    boolean squeezes = !node.hasInput(1) && node.integer("keepdims", 1) == 0;
    return squeezes ? parts.stream().map(part -> o.squeeze(part, front)).toList() : parts;
  }

  private long @Nullable [] sizes(Node node, Dim dim) {
    boolean given = node.hasInput(1);
    long[] split = given ? o.types().knownNumbers(node.input(1)) : new long[] {1};
    boolean scalar = !given || o.rank(node.input(1)) == 0;
    if (split == null || !scalar) {
      return split;
    }
    if (!(dim instanceof Dim.Known(long size)) || split[0] < 1 || size > LONGEST * split[0]) {
      return null;
    }
    long[] sizes = new long[Math.toIntExact(Math.ceilDiv(size, split[0]))];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.min(split[0], size - i * split[0]);
    }
    return sizes;
  }
}
