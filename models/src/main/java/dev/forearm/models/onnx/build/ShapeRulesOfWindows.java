package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.ort.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shapes of convolutions, pooling and resizing. Layout N C spatial. */
final class ShapeRulesOfWindows {
  private ShapeRulesOfWindows() {}

  static void register(OperatorTable<ShapeRule> rules) {
    rules.put("Conv", ShapeRulesOfWindows::conv);
    rules.put("ConvTranspose", ShapeRulesOfWindows::convTranspose);
    rules.put("MaxPool", ShapeRulesOfWindows::pool);
    rules.put("AveragePool", ShapeRulesOfWindows::pool);
    rules.put("LpPool", ShapeRulesOfWindows::pool);
    rules.put("GlobalAveragePool", ShapeRulesOfWindows::global);
    rules.put("GlobalMaxPool", ShapeRulesOfWindows::global);
    rules.put("GlobalLpPool", ShapeRulesOfWindows::global);
    rules.put("Resize", ShapeRulesOfWindows::resize);
    rules.put("GridSample", ShapeRulesOfWindows::gridSample);
    rules.put("RoiAlign", ShapeRulesOfWindows::roiAlign);
  }

  private static void gridSample(Inference c) {
    List<Dim> x = c.dims(0);
    List<Dim> grid = c.dims(1);
    if (x == null || grid == null) {
      c.outLike(0, 0, null);
      return;
    }
    List<Dim> result = new ArrayList<>(x.subList(0, 2));
    result.addAll(grid.subList(1, grid.size() - 1));
    c.outLike(0, 0, result);
  }

  private static void roiAlign(Inference c) {
    List<Dim> x = c.dims(0);
    List<Dim> rois = c.dims(1);
    Dim height = Dim.of(c.node.integer("output_height", 1));
    Dim width = Dim.of(c.node.integer("output_width", 1));
    Dim channels = x == null ? Dim.unknown() : x.get(1);
    Dim count = rois == null ? Dim.unknown() : rois.getFirst();
    c.outLike(0, 0, List.of(count, channels, height, width));
  }

  private static void conv(Inference c) {
    c.sameType(0, 1);
    List<Dim> x = c.dims(0);
    List<Dim> w = c.dims(1);
    if (x == null || w == null) {
      c.outLike(0, 0, null);
      return;
    }
    check(c, x, w);
    List<Dim> result = new ArrayList<>(List.of(x.get(0), w.get(0)));
    Windows windows = windows(c, kernel(c, w), x);
    for (int i = 0; i < x.size() - 2; i++) {
      result.add(windows == null ? Dim.unknown() : count(windows, i, x.get(i + 2), false));
    }
    c.outLike(0, 0, result);
  }

  private static void check(Inference c, List<Dim> x, List<Dim> w) {
    if (x.size() != w.size() || x.size() < 3) {
      throw c.fault("found ranks " + x.size() + " and " + w.size() + ", wanted equal ones from 3");
    }
  }

  private static long @Nullable [] kernel(Inference c, List<Dim> w) {
    long[] sizes = w.subList(2, w.size()).stream().mapToLong(Dim::orUnknown).toArray();
    return Arrays.stream(sizes).allMatch(size -> size > 0)
        ? sizes
        : c.node.integers("kernel_shape");
  }

  private static @Nullable Windows windows(Inference c, long @Nullable [] kernel, List<Dim> x) {
    if (kernel == null) {
      return null;
    }
    long[] sizes = x.subList(2, x.size()).stream().mapToLong(Dim::orUnknown).toArray();
    boolean open = Arrays.stream(sizes).anyMatch(size -> size < 0);
    if (open && c.node.text("auto_pad", "NOTSET").startsWith("SAME")) {
      return null;
    }
    return Windows.of(c.node, kernel, sizes);
  }

  private static Dim count(Windows windows, int axis, Dim size, boolean ceil) {
    if (size instanceof Dim.Known(long known)) {
      return Dim.of(windows.count(axis, known, ceil));
    }
    long shrink =
        windows.reach(axis) - 1 - windows.pads()[axis] - windows.pads()[axis + windows.axes()];
    boolean same = windows.strides()[axis] == 1 && shrink == 0;
    return same ? size : Dim.unknown();
  }

  private static void convTranspose(Inference c) {
    c.sameType(0, 1);
    List<Dim> x = c.dims(0);
    List<Dim> w = c.dims(1);
    if (x == null || w == null) {
      c.outLike(0, 0, null);
      return;
    }
    check(c, x, w);
    Dim channels = DimMath.multiply(w.get(1), Dim.of(c.node.integer("group", 1)));
    List<Dim> result = new ArrayList<>(List.of(x.get(0), channels));
    long[] given = c.node.integers("output_shape");
    long[] extra = c.node.integers("output_padding");
    String auto = c.node.text("auto_pad", "NOTSET");
    long[] kernel = kernel(c, w);
    for (int i = 0; i < x.size() - 2; i++) {
      if (given != null) {
        result.add(Dim.of(given[given.length - (x.size() - 2) + i]));
      } else if (kernel == null
          || auto.startsWith("SAME")
          || !(x.get(i + 2) instanceof Dim.Known(long size))) {
        result.add(Dim.unknown());
      } else {
        Windows windows = Windows.of(c.node, kernel, new long[x.size() - 2]);
        long pads = windows.pads()[i] + windows.pads()[i + windows.axes()];
        result.add(
            Dim.of(
                (size - 1) * windows.strides()[i]
                    + windows.reach(i)
                    - pads
                    + (extra == null ? 0 : extra[i])));
      }
    }
    c.outLike(0, 0, result);
  }

  private static void pool(Inference c) {
    List<Dim> x = c.dims(0);
    if (x == null) {
      c.outLike(0, 0, null);
      return;
    }
    List<Dim> result = new ArrayList<>(x.subList(0, 2));
    Windows windows = windows(c, c.node.integers("kernel_shape"), x);
    boolean ceil = c.node.integer("ceil_mode", 0) != 0;
    for (int i = 0; i < x.size() - 2; i++) {
      result.add(windows == null ? Dim.unknown() : count(windows, i, x.get(i + 2), ceil));
    }
    c.outLike(0, 0, result);
    c.out(1, ElementType.INT64, result);
  }

  private static void global(Inference c) {
    List<Dim> x = c.dims(0);
    if (x == null) {
      c.outLike(0, 0, null);
      return;
    }
    List<Dim> result = new ArrayList<>(x.subList(0, 2));
    for (int i = 2; i < x.size(); i++) {
      result.add(Dim.of(1));
    }
    c.outLike(0, 0, result);
  }

  private static void resize(Inference c) {
    List<Dim> x = c.dims(0);
    if (x == null) {
      c.outLike(0, 0, null);
      return;
    }
    List<Dim> result = new ArrayList<>(Inference.unknown(x.size()));
    List<Dim> sizes = c.numbers(3);
    long[] axes = c.node.integers("axes");
    if (axes != null) {
      for (int i = 0; i < x.size(); i++) {
        result.set(i, x.get(i));
      }
    }
    int n = axes == null ? x.size() : axes.length;
    boolean plain = c.node.text("keep_aspect_ratio_policy", "stretch").equals("stretch");
    float[] scales = c.node.hasInput(2) ? c.table.floats(c.node.input(2)) : null;
    for (int i = 0; i < n; i++) {
      int axis = axes == null ? i : c.axis(axes[i], x.size());
      if (sizes != null && plain) {
        result.set(axis, sizes.get(i));
      } else if (scales != null && scales.length == n) {
        Dim from = x.get(axis);
        boolean known = from instanceof Dim.Known;
        result.set(
            axis,
            known
                ? Dim.of((long) (from.orUnknown() * scales[i])) // in float32, as the runtime does
                : scales[i] == 1 ? from : Dim.unknown());
      } else {
        result.set(axis, Dim.unknown());
      }
    }
    c.outLike(0, 0, result);
  }
}
