package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Constants;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Shapes of operators that move, join, cut, repeat or sum over axes. */
final class ShapeRulesOfLayout {
  private ShapeRulesOfLayout() {}

  static void register(OperatorTable<ShapeRule> rules) {
    rules.put("Reshape", ShapeRulesOfLayout::reshape);
    rules.put("Flatten", ShapeRulesOfLayout::flatten);
    rules.put("Squeeze", ShapeRulesOfLayout::squeeze);
    rules.put("Unsqueeze", ShapeRulesOfLayout::unsqueeze);
    rules.put("Transpose", ShapeRulesOfLayout::transpose);
    rules.put("Concat", ShapeRulesOfLayout::concat);
    rules.put("Split", ShapeRulesOfLayout::split);
    rules.put("Expand", ShapeRulesOfLayout::expand);
    rules.put("Tile", ShapeRulesOfLayout::tile);
    rules.put("Pad", ShapeRulesOfLayout::pad);
    rules.put("Shape", c -> c.out(0, ElementType.INT64, List.of(shapeLength(c))));
    rules.put("Size", c -> c.out(0, ElementType.INT64, List.of()));
    rules.put("Constant", ShapeRulesOfLayout::constant);
    rules.put("ConstantOfShape", ShapeRulesOfLayout::constantOfShape);
    rules.put("Range", c -> c.outLike(0, 0, Inference.unknown(1)));
    rules.put("EyeLike", ShapeRulesOfLayout::eyeLike);
    for (String op :
        List.of(
            "ReduceSum",
            "ReduceMean",
            "ReduceMax",
            "ReduceMin",
            "ReduceProd",
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceSumSquare")) {
      rules.put(op, ShapeRulesOfLayout::reduce);
    }
    rules.put("ArgMax", ShapeRulesOfLayout::argument);
    rules.put("ArgMin", ShapeRulesOfLayout::argument);
    rules.put("DepthToSpace", c -> blocks(c, true));
    rules.put("SpaceToDepth", c -> blocks(c, false));
  }

  private static void reshape(Inference c) {
    List<Dim> from = c.dims(0);
    List<Dim> wanted = c.numbers(1);
    if (wanted == null) {
      c.outLike(0, 0, ofLength(c.dims(1)));
      return;
    }
    boolean zeroIsZero = c.node.integer("allowzero", 0) != 0;
    List<Dim> result = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < wanted.size(); i++) {
      Dim dim = wanted.get(i);
      if (dim.is(0) && !zeroIsZero) {
        dim = from == null ? Dim.unknown() : from.get(i);
      } else if (dim.equals(Dim.of(-1))) {
        if (open >= 0) {
          throw c.fault("shape " + wanted + " has two open sizes, wanted at most one");
        }
        open = i;
        dim = Dim.of(1);
      }
      result.add(dim);
    }
    if (open >= 0) {
      result.set(open, from == null ? Dim.unknown() : DimMath.quotient(from, result));
    } else if (from != null
        && known(from)
        && known(result)
        && !DimMath.product(from).equals(DimMath.product(result))) {
      throw c.fault("shape " + from + " cannot become " + result + ": element counts differ");
    }
    c.outLike(0, 0, result);
  }

  /** Unknown sizes, as many as a shape vector of this type has; null where that is unknown too. */
  private static @Nullable List<Dim> ofLength(@Nullable List<Dim> vector) {
    return vector != null && vector.size() == 1 && vector.getFirst() instanceof Dim.Known(long rank)
        ? Inference.unknown((int) Math.min(rank, TensorType.MOST_AXES))
        : null;
  }

  private static boolean known(List<Dim> dims) {
    return dims.stream().allMatch(Dim.Known.class::isInstance);
  }

  private static void flatten(Inference c) {
    List<Dim> dims = c.dims(0);
    if (dims == null) {
      c.outLike(0, 0, Inference.unknown(2));
      return;
    }
    long axis = c.node.integer("axis", 1);
    int cut = (int) (axis < 0 ? axis + dims.size() : axis);
    c.outLike(
        0,
        0,
        List.of(
            DimMath.product(dims.subList(0, cut)),
            DimMath.product(dims.subList(cut, dims.size()))));
  }

  private static void squeeze(Inference c) {
    List<Dim> dims = c.dims(0);
    long[] axes = c.known(1);
    if (dims == null || (axes == null && c.node.hasInput(1))) {
      c.outLike(0, 0, null);
      return;
    }
    TensorType declared = c.table.declared(c.node.output(0));
    if (axes == null && !known(dims) && declared != null && declared.dims() != null) {
      c.outLike(0, 0, declared.dims()); // else an open size is taken for one that is not 1
      return;
    }
    TreeSet<Integer> gone = new TreeSet<>(Collections.reverseOrder());
    for (int i = 0; i < dims.size(); i++) {
      if (axes == null && dims.get(i).is(1)) {
        gone.add(i);
      }
    }
    for (long axis : axes == null ? new long[0] : axes) {
      gone.add(c.axis(axis, dims.size()));
    }
    List<Dim> result = new ArrayList<>(dims);
    gone.forEach(axis -> result.remove((int) axis));
    c.outLike(0, 0, result);
  }

  private static void unsqueeze(Inference c) {
    List<Dim> dims = c.dims(0);
    long[] axes = c.known(1);
    if (dims == null || axes == null) {
      c.outLike(0, 0, null);
      return;
    }
    int rank = dims.size() + axes.length;
    TreeSet<Integer> added = new TreeSet<>();
    for (long axis : axes) {
      added.add(c.axis(axis, rank));
    }
    List<Dim> result = new ArrayList<>(dims);
    added.forEach(axis -> result.add(axis, Dim.of(1)));
    c.outLike(0, 0, result);
  }

  private static void transpose(Inference c) {
    List<Dim> dims = c.dims(0);
    if (dims == null) {
      c.outLike(0, 0, null);
      return;
    }
    long[] perm = c.node.integers("perm");
    if (perm != null && !ordersAxes(perm, dims.size())) {
      throw c.fault(
          "perm "
              + Arrays.toString(perm)
              + " is no order of the axes 0 to "
              + (dims.size() - 1)
              + "; the TorchScript exporter writes moveaxis of negative axes so, and no runtime"
              + " takes it: export with dynamo=True, or use permute");
    }
    List<Dim> result = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      result.add(dims.get(perm == null ? dims.size() - 1 - i : (int) perm[i]));
    }
    c.outLike(0, 0, result);
  }

  private static boolean ordersAxes(long[] perm, int rank) {
    long[] sorted = perm.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] != i) {
        return false;
      }
    }
    return perm.length == rank;
  }

  private static void concat(Inference c) {
    List<Dim> result = null;
    for (int i = 0; i < c.node.inputs().size(); i++) {
      List<Dim> dims = c.dims(i);
      c.sameType(0, i);
      if (dims == null) {
        c.outLike(0, 0, null);
        return;
      }
      if (result == null) {
        result = new ArrayList<>(dims);
        continue;
      }
      if (dims.size() != result.size()) {
        throw c.fault("found ranks " + result.size() + " and " + dims.size() + ", wanted one rank");
      }
      int axis = c.axis(c.node.integer("axis", 0), dims.size());
      for (int d = 0; d < dims.size(); d++) {
        Dim both =
            d == axis
                ? DimMath.add(result.get(d), dims.get(d))
                : same(c, result.get(d), dims.get(d));
        result.set(d, both);
      }
    }
    c.outLike(0, 0, result);
  }

  private static Dim same(Inference c, Dim a, Dim b) {
    if (a instanceof Dim.Known && b instanceof Dim.Known && !a.equals(b)) {
      throw c.fault(
          "found sizes " + a + " and " + b + " beside the joined axis, wanted equal ones");
    }
    return a instanceof Dim.Known ? a : b;
  }

  private static void split(Inference c) {
    List<Dim> dims = c.dims(0);
    int parts = c.node.outputs().size();
    List<Dim> sizes = c.numbers(1);
    for (int i = 0; i < parts; i++) {
      if (dims == null) {
        c.outLike(i, 0, null);
        continue;
      }
      int axis = c.axis(c.node.integer("axis", 0), dims.size());
      List<Dim> result = new ArrayList<>(dims);
      if (sizes != null) {
        result.set(axis, sizes.get(i));
      } else if (!c.node.hasInput(1) && dims.get(axis) instanceof Dim.Known(long size)) {
        long each = (size + parts - 1) / parts;
        result.set(axis, Dim.of(Math.max(0, Math.min(each, size - i * each))));
      } else {
        result.set(axis, Dim.unknown());
      }
      c.outLike(i, 0, result);
    }
  }

  private static void expand(Inference c) {
    List<Dim> dims = c.dims(0);
    List<Dim> wanted = c.numbers(1);
    List<Dim> length = c.dims(1);
    if (dims != null && wanted != null) {
      c.outLike(0, 0, c.broadcast(dims, wanted));
    } else if (dims != null
        && length != null
        && !length.isEmpty()
        && length.getFirst() instanceof Dim.Known(long rank)) {
      c.outLike(
          0,
          0,
          Inference.unknown((int) Math.max(Math.min(rank, TensorType.MOST_AXES), dims.size())));
    } else {
      c.outLike(0, 0, null);
    }
  }

  private static void tile(Inference c) {
    List<Dim> dims = c.dims(0);
    List<Dim> repeats = c.numbers(1);
    if (dims == null) {
      c.outLike(0, 0, null);
      return;
    }
    List<Dim> result = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      result.add(repeats == null ? Dim.unknown() : DimMath.multiply(dims.get(i), repeats.get(i)));
    }
    c.outLike(0, 0, result);
  }

  private static void pad(Inference c) {
    List<Dim> dims = c.dims(0);
    if (dims == null) {
      c.outLike(0, 0, null);
      return;
    }
    long[] pads = c.known(1);
    long[] axes = c.known(3);
    if (pads == null || (axes == null && c.node.hasInput(3))) {
      c.outLike(0, 0, Inference.unknown(dims.size()));
      return;
    }
    List<Dim> result = new ArrayList<>(dims);
    int n = pads.length / 2;
    for (int i = 0; i < n; i++) {
      int axis = axes == null ? i : c.axis(axes[i], dims.size());
      result.set(axis, DimMath.add(result.get(axis), Dim.of(pads[i] + pads[i + n])));
    }
    c.outLike(0, 0, result);
  }

  private static Dim shapeLength(Inference c) {
    List<Dim> dims = c.dims(0);
    if (dims == null) {
      return Dim.unknown();
    }
    return Dim.of(shapeRange(c, dims).size());
  }

  /** The part of the shape that a Shape node asks for. */
  static List<Dim> shapeRange(Inference c, List<Dim> dims) {
    int rank = dims.size();
    long start = c.node.integer("start", 0);
    long end = c.node.integer("end", rank);
    int from = Math.clamp(start < 0 ? start + rank : start, 0, rank);
    int to = Math.clamp(end < 0 ? end + rank : end, 0, rank);
    return dims.subList(from, Math.max(from, to));
  }

  private static void constant(Inference c) {
    HostTensor value = constantValue(c);
    if (value == null) {
      throw c.fault("found no numeric value, wanted value, value_int(s) or value_float(s)");
    }
    c.table.constant(c.node.output(0), value);
  }

  private static @Nullable HostTensor constantValue(Inference c) {
    return Constants.of(c.node).orElse(null);
  }

  private static void constantOfShape(Inference c) {
    ElementType type = c.node.tensor("value").map(HostTensor::type).orElse(ElementType.FLOAT32);
    List<Dim> shape = c.numbers(0);
    if (shape != null) {
      c.out(0, type, shape);
    } else {
      c.out(0, type, ofLength(c.dims(0)));
    }
  }

  private static void eyeLike(Inference c) {
    TensorType like = c.in(0);
    if (like != null) {
      ElementType type =
          ElementType.find((int) c.node.integer("dtype", like.type().code())).orElse(like.type());
      c.out(0, type, like.dims());
    }
  }

  private static void reduce(Inference c) {
    List<Dim> dims = c.dims(0);
    boolean keep = c.node.integer("keepdims", 1) != 0;
    long[] axes = c.known(1);
    if (dims == null || (axes == null && c.node.hasInput(1))) {
      c.outLike(0, 0, dims != null && keep ? Inference.unknown(dims.size()) : null);
      return;
    }
    boolean all = axes == null || axes.length == 0;
    if (all && c.node.integer("noop_with_empty_axes", 0) != 0) {
      c.outLike(0, 0, dims);
      return;
    }
    TreeSet<Integer> reduced = new TreeSet<>();
    for (int i = 0; i < dims.size() && all; i++) {
      reduced.add(i);
    }
    for (long axis : all || axes == null ? new long[0] : axes) {
      reduced.add(c.axis(axis, dims.size()));
    }
    c.outLike(0, 0, without(dims, reduced, keep));
  }

  private static List<Dim> without(List<Dim> dims, Set<Integer> reduced, boolean keep) {
    List<Dim> result = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      if (!reduced.contains(i)) {
        result.add(dims.get(i));
      } else if (keep) {
        result.add(Dim.of(1));
      }
    }
    return result;
  }

  private static void argument(Inference c) {
    List<Dim> dims = c.dims(0);
    if (dims == null) {
      c.out(0, ElementType.INT64, null);
      return;
    }
    TreeSet<Integer> axis = new TreeSet<>(List.of(c.axis(c.node.integer("axis", 0), dims.size())));
    c.out(0, ElementType.INT64, without(dims, axis, c.node.integer("keepdims", 1) != 0));
  }

  private static void blocks(Inference c, boolean toSpace) {
    List<Dim> dims = c.dims(0);
    if (dims == null || dims.size() != 4) {
      c.outLike(0, 0, Inference.unknown(4));
      return;
    }
    Dim block = Dim.of(c.node.integer("blocksize", 1));
    Dim square = DimMath.multiply(block, block);
    List<Dim> result = new ArrayList<>();
    result.add(dims.get(0));
    result.add(
        toSpace ? DimMath.divide(dims.get(1), square) : DimMath.multiply(dims.get(1), square));
    for (int i = 2; i < 4; i++) {
      result.add(
          toSpace ? DimMath.multiply(dims.get(i), block) : DimMath.divide(dims.get(i), block));
    }
    c.outLike(0, 0, result);
  }
}
