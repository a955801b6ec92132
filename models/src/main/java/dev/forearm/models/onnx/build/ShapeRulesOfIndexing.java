package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Shapes of operators that pick elements by index. */
final class ShapeRulesOfIndexing {
  private ShapeRulesOfIndexing() {}

  static void register(OperatorTable<ShapeRule> rules) {
    rules.put("Slice", ShapeRulesOfIndexing::slice);
    rules.put("Gather", ShapeRulesOfIndexing::gather);
    rules.put("GatherElements", c -> c.outLike(0, 0, c.dims(1)));
    rules.put("GatherND", ShapeRulesOfIndexing::gatherNd);
    rules.put("TopK", ShapeRulesOfIndexing::topK);
    rules.put("NonZero", ShapeRulesOfIndexing::nonZero);
    rules.put("OneHot", ShapeRulesOfIndexing::oneHot);
    rules.put(
        "Compress",
        c -> c.outLike(0, 0, c.node.has("axis") ? unknownLike(c) : Inference.unknown(1)));
  }

  private static List<Dim> unknownLike(Inference c) {
    List<Dim> dims = c.dims(0);
    return Inference.unknown(dims == null ? 1 : dims.size());
  }

  private static void slice(Inference c) {
    List<Dim> dims = c.dims(0);
    if (dims == null) {
      c.outLike(0, 0, null);
      return;
    }
    long[] starts = c.known(1);
    long[] ends = c.known(2);
    long[] axes = c.known(3);
    long[] steps = c.known(4);
    boolean open = (axes == null && c.node.hasInput(3)) || (steps == null && c.node.hasInput(4));
    List<Dim> count = c.dims(1);
    long given = count == null || count.isEmpty() ? -1 : count.getFirst().orUnknown();
    if (open || (axes == null && (given < 0 || given > dims.size()))) {
      c.outLike(0, 0, Inference.unknown(dims.size()));
      return;
    }
    int n = axes != null ? axes.length : (int) given;
    List<Dim> result = new ArrayList<>(dims);
    for (int i = 0; i < n; i++) {
      int axis = axes == null ? i : c.axis(axes[i], dims.size());
      Dim length = Dim.unknown();
      if (starts != null && ends != null) {
        length = sliced(dims.get(axis), starts[i], ends[i], steps == null ? 1 : steps[i]);
      }
      result.set(axis, length);
    }
    c.outLike(0, 0, result);
  }

  private static Dim sliced(Dim dim, long start, long end, long step) {
    if (step == 0) {
      throw new IllegalArgumentException("a slice of step 0");
    }
    if (!(dim instanceof Dim.Known(long size))) {
      return step == 1 && start == 0 && end >= Integer.MAX_VALUE ? dim : Dim.unknown();
    }
    Cut cut = Cut.of(size, start, end, step);
    return Dim.of(Math.max(0, Math.ceilDiv(cut.to() - cut.from(), step)));
  }

  /**
   * Where a slice begins and the place it ends before, as ONNX Runtime has it: backwards, a start
   * in front of everything is the first element, and the greatest integers as an end mean all.
   */
  record Cut(long from, long to) {
    static Cut of(long size, long start, long end, long step) {
      long from = start < 0 ? start + size : start;
      long to = end < 0 ? end + size : end;
      if (step > 0 || size == 0) {
        return new Cut(Math.clamp(from, 0, size), Math.clamp(to, 0, size));
      }
      boolean all = end == Integer.MAX_VALUE || end == Long.MAX_VALUE;
      return new Cut(Math.clamp(from, 0, size - 1), all ? -1 : Math.clamp(to, -1, size));
    }
  }

  private static void gather(Inference c) {
    List<Dim> dims = c.dims(0);
    List<Dim> picked = c.dims(1);
    if (dims == null || picked == null) {
      c.outLike(0, 0, null);
      return;
    }
    int axis = c.axis(c.node.integer("axis", 0), dims.size());
    List<Dim> result = new ArrayList<>(dims.subList(0, axis));
    result.addAll(picked);
    result.addAll(dims.subList(axis + 1, dims.size()));
    c.outLike(0, 0, result);
  }

  private static void gatherNd(Inference c) {
    List<Dim> dims = c.dims(0);
    List<Dim> picked = c.dims(1);
    if (dims == null || picked == null || !(picked.getLast() instanceof Dim.Known(long depth))) {
      c.outLike(0, 0, null);
      return;
    }
    int batch = (int) c.node.integer("batch_dims", 0);
    List<Dim> result = new ArrayList<>(picked.subList(0, picked.size() - 1));
    result.addAll(dims.subList(batch + (int) depth, dims.size()));
    c.outLike(0, 0, result);
  }

  private static void topK(Inference c) {
    List<Dim> dims = c.dims(0);
    List<Dim> k = c.numbers(1);
    List<Dim> result = null;
    if (dims != null) {
      result = new ArrayList<>(dims);
      int axis = c.axis(c.node.integer("axis", -1), dims.size());
      result.set(axis, k == null ? Dim.unknown() : k.getFirst());
    }
    c.outLike(0, 0, result);
    c.out(1, ElementType.INT64, result);
  }

  private static void nonZero(Inference c) {
    List<Dim> dims = c.dims(0);
    Dim rank = dims == null ? Dim.unknown() : Dim.of(Math.max(1, dims.size()));
    c.out(0, ElementType.INT64, List.of(rank, Dim.unknown()));
  }

  private static void oneHot(Inference c) {
    List<Dim> dims = c.dims(0);
    TensorType values = c.in(2);
    if (dims == null || values == null) {
      return;
    }
    List<Dim> depth = c.numbers(1);
    List<Dim> result = new ArrayList<>(dims);
    int axis = c.axis(c.node.integer("axis", -1), dims.size() + 1);
    result.add(axis, depth == null ? Dim.unknown() : depth.getFirst());
    c.out(0, values.type(), result);
  }
}
