package dev.forearm.models.onnx.build;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One node and what is known of its inputs, for a rule that says what its outputs are. */
final class Inference {
  final TypeTable table;
  final Node node;

  Inference(TypeTable table, Node node) {
    this.table = table;
    this.node = node;
  }

  /** The type of an input, or null where it is absent or unknown. */
  @Nullable TensorType in(int index) {
    return node.hasInput(index) ? table.find(node.input(index)) : null;
  }

  /** Dimensions of an input, or null where its rank is unknown. */
  @Nullable List<Dim> dims(int index) {
    TensorType type = in(index);
    return type == null ? null : type.dims();
  }

  /** Known numbers in an integer input, or null. */
  long @Nullable [] known(int index) {
    return node.hasInput(index) ? table.knownNumbers(node.input(index)) : null;
  }

  /** Numbers in an integer input, some of them symbols, or null. */
  @Nullable List<Dim> numbers(int index) {
    return node.hasInput(index) ? table.numbers(node.input(index)) : null;
  }

  void out(int index, ElementType type, @Nullable List<Dim> dims) {
    table.set(node.output(index), new TensorType(type, dims));
  }

  /** Output {@code index} has the element type of input {@code from}; unknown stays unknown. */
  void outLike(int index, int from, @Nullable List<Dim> dims) {
    TensorType type = in(from);
    if (type != null) {
      out(index, type.type(), dims);
    }
  }

  /** An axis counted from the front. */
  int axis(long axis, int rank) {
    long front = axis < 0 ? axis + rank : axis;
    if (front < 0 || front >= Math.max(rank, 1)) {
      throw table.fault(node, "axis " + axis + " is outside of rank " + rank);
    }
    return (int) front;
  }

  /** Broadcasts the shapes of inputs; null where a rank is unknown. */
  @Nullable List<Dim> broadcast(int... inputs) {
    List<Dim> result = List.of();
    for (int input : inputs) {
      List<Dim> dims = dims(input);
      if (dims == null) {
        return null;
      }
      result = broadcast(result, dims);
    }
    return result;
  }

  List<Dim> broadcast(List<Dim> a, List<Dim> b) {
    int rank = Math.max(a.size(), b.size());
    List<Dim> result = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      Dim x = i < rank - a.size() ? Dim.of(1) : a.get(i - rank + a.size());
      Dim y = i < rank - b.size() ? Dim.of(1) : b.get(i - rank + b.size());
      Dim both = DimMath.broadcast(x, y);
      if (both == null) {
        throw table.fault(node, "shapes " + a + " and " + b + " do not broadcast");
      }
      result.add(both);
    }
    return result;
  }

  /** Fails unless these inputs, where known, have one element type. */
  void sameType(int first, int second) {
    TensorType a = in(first);
    TensorType b = in(second);
    if (a != null && b != null && a.type() != b.type()) {
      throw table.fault(
          node, "found " + a.type() + " and " + b.type() + ", wanted one element type");
    }
  }

  static List<Dim> unknown(int rank) {
    List<Dim> dims = new ArrayList<>(rank);
    for (int i = 0; i < rank; i++) {
      dims.add(Dim.unknown());
    }
    return dims;
  }

  ModelsFault fault(String what) {
    return table.fault(node, what);
  }
}
