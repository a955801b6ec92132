package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.build.Emit;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import dev.forearm.models.onnx.build.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Convolution and its transpose: one, two or three spatial axes, groups, strides, dilations.
 *
 * <p>The gradient of a convolution's input is the transposed convolution of the output's gradient.
 * The gradient of its weight is again a convolution: of the input, batch and channel exchanged,
 * with the output's gradient as kernel, strides and dilations exchanged. Where sizes are known only
 * at run time, the input is cut or padded by Pad nodes that compute how much. Where sizes are fixed
 * and small, both are {@link ConvProducts} instead.
 */
final class ConvRules {
  private ConvRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("Conv", ConvRules::conv);
    t.put("ConvTranspose", ConvRules::convTranspose);
  }

  private static void conv(Backward b, GraphBuilder o) {
    Windows w = Windows.of(b.node(), kernel(b), b.spatial(0));
    long group = b.node().integer("group", 1);
    boolean products = ConvProducts.fit(o, b.x(0), b.y(), b.x(1), w, group);
    if (b.wants(0)) {
      b.give(
          0,
          products && ConvProducts.overlapsPlainly(w)
              ? ConvProducts.inputGradient(o, b.x(0), b.dy(), b.x(1), w)
              : inputGradient(o, b.dy(), b.x(1), b.x(0), w, group));
    }
    if (b.wants(1)) {
      b.give(
          1,
          products
              ? ConvProducts.weightGradient(o, b.x(0), b.dy(), b.x(1), w)
              : weightGradient(o, b.x(0), b.dy(), b.x(1), w, group));
    }
    if (b.wants(2)) {
      b.give(2, biasGradient(o, b.dy(), w));
    }
  }

  private static void convTranspose(Backward b, GraphBuilder o) {
    Windows w = transposedWindows(b, o);
    long group = b.node().integer("group", 1);
    if (b.wants(0)) {
      Emit dx = windowed(o.node("Conv", b.dy(), b.x(1)), w.strides(), w.dilations(), w.pads());
      b.give(0, dx.with("group", group).one());
    }
    if (b.wants(1)) {
      b.give(1, weightGradient(o, b.dy(), b.x(0), b.x(1), w, group));
    }
    if (b.wants(2)) {
      b.give(2, biasGradient(o, b.dy(), w));
    }
  }

  private static long[] kernel(Backward b) {
    long[] sizes = b.spatial(1);
    if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw b.refuse("the kernel's size is known only at run time, wanted a fixed one");
    }
    return sizes;
  }

  /** The window of a ConvTranspose, with {@code output_shape} turned into pads. */
  private static Windows transposedWindows(Backward b, GraphBuilder o) {
    int n = b.spatial(0).length;
    Windows w = Windows.of(b.node(), kernel(b), fill(n, 1));
    long[] extra = b.node().integers("output_padding");
    long[] wanted = b.node().integers("output_shape");
    String auto = b.node().text("auto_pad", "NOTSET");
    for (int i = 0; i < n; i++) {
      long padding = extra == null ? 0 : extra[i];
      if (padding >= w.strides()[i]) {
        throw b.refuse("output_padding " + padding + " is not below the stride; lower it");
      }
      if (wanted != null || auto.startsWith("SAME")) {
        long size = b.spatial(0)[i];
        long out = o.types().dims(b.y()).get(i + 2).orUnknown();
        if (auto.startsWith("SAME") && wanted == null && size >= 0) {
          out = size * w.strides()[i];
        }
        if (size < 0 || out < 0) {
          throw b.refuse("its pads follow from a size known only at run time; export fixed sizes");
        }
        long total = Math.max(0, (size - 1) * w.strides()[i] + padding + w.reach(i) - out);
        w.pads()[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        w.pads()[i + n] = total - w.pads()[i];
      }
    }
    return w;
  }

  private static String biasGradient(GraphBuilder o, String dy, Windows w) {
    long[] axes = new long[w.axes() + 1];
    for (int i = 1; i < axes.length; i++) {
      axes[i] = i + 1L;
    }
    return o.sum(dy, false, axes);
  }

  /**
   * The gradient of a convolution's input.
   *
   * @param like a value of the input's shape
   */
  static String inputGradient(
      GraphBuilder o, String dy, String weight, String like, Windows w, long group) {
    int n = w.axes();
    long[] pads = new long[2 * n];
    long[] outputPadding = new long[n];
    boolean known = true;
    for (int i = 0; i < n; i++) {
      Dim size = o.types().dims(like).get(i + 2);
      Dim windows = o.types().dims(dy).get(i + 2);
      if (size instanceof Dim.Known(long x) && windows instanceof Dim.Known(long y)) {
        long behind = (y - 1) * w.strides()[i] + w.reach(i) - w.pads()[i] - x;
        pads[i] = w.pads()[i];
        pads[i + n] = Math.max(0, behind);
        outputPadding[i] = Math.max(0, -behind);
      } else {
        known = false;
      }
    }
    if (known) {
      return windowed(o.node("ConvTranspose", dy, weight), w.strides(), w.dilations(), pads)
          .with("output_padding", outputPadding)
          .with("group", group)
          .one();
    }
    String whole =
        windowed(o.node("ConvTranspose", dy, weight), w.strides(), w.dilations(), new long[2 * n])
            .with("group", group)
            .one();
    String sizes = spatialShape(o, like);
    String front = o.longs(Arrays.copyOf(w.pads(), n));
    String behind = o.sub(o.add(sizes, front), spatialShape(o, whole));
    return Pads.spatial(o, whole, o.neg(front), behind);
  }

  /**
   * The gradient of a convolution's weight, of the shape [out, in / group, kernel].
   *
   * @param x the convolution's input
   * @param dy its output's gradient
   */
  static String weightGradient(
      GraphBuilder o, String x, String dy, String weight, Windows w, long group) {
    int n = w.axes();
    long[] pads = new long[2 * n];
    boolean known = true;
    for (int i = 0; i < n; i++) {
      Dim size = o.types().dims(x).get(i + 2);
      Dim windows = o.types().dims(dy).get(i + 2);
      if (size instanceof Dim.Known(long from) && windows instanceof Dim.Known(long y)) {
        pads[i] = w.pads()[i];
        pads[i + n] = (y - 1) * w.strides()[i] + w.reach(i) - w.pads()[i] - from;
      } else {
        known = false;
      }
    }
    String input = x;
    if (!known) {
      String front = o.longs(Arrays.copyOf(w.pads(), n));
      String needed =
          o.add(
              o.mul(o.sub(spatialShape(o, dy), o.longs(fill(n, 1))), o.longs(w.strides())),
              o.longs(reaches(w)));
      String behind = o.sub(o.sub(needed, front), spatialShape(o, x));
      input = Pads.spatial(o, x, front, behind);
      pads = new long[2 * n];
    } else if (Arrays.stream(pads).anyMatch(p -> p < 0)) {
      input = Pads.spatial(o, x, pads);
      pads = new long[2 * n];
    }
    long[] exchange = exchange(n);
    String kernel = o.transpose(dy, exchange);
    String image = group == 1 ? o.transpose(input, exchange) : byGroup(o, input, weight, n, group);
    String dw =
        o.node("Conv", image, kernel)
            .with("strides", w.dilations())
            .with("dilations", w.strides())
            .with("pads", pads)
            .with("group", group)
            .one();
    return o.transpose(dw, exchange);
  }

  /** [N, G * c, spatial] to [c, G * N, spatial]. */
  private static String byGroup(GraphBuilder o, String x, String weight, int n, long group) {
    String channels = o.dim(weight, 1);
    String spatial = spatialShape(o, x);
    String split = o.reshape(x, o.join(o.dim(x, 0), o.longs(group), channels, spatial));
    long[] perm = new long[n + 3];
    Arrays.setAll(perm, i -> i);
    perm[0] = 2;
    perm[1] = 1;
    perm[2] = 0;
    return o.reshape(o.transpose(split, perm), o.join(channels, o.longs(-1), spatial));
  }

  private static String spatialShape(GraphBuilder o, String x) {
    List<String> parts = new ArrayList<>();
    for (int i = 2; i < o.rank(x); i++) {
      parts.add(o.dim(x, i));
    }
    return o.join(parts);
  }

  private static Emit windowed(
      Emit emit, long[] strides, long[] dilations, long @Nullable [] pads) {
    emit.with("strides", strides).with("dilations", dilations);
    return pads == null ? emit : emit.with("pads", pads);
  }

  private static long[] reaches(Windows w) {
    long[] reaches = new long[w.axes()];
    Arrays.setAll(reaches, w::reach);
    return reaches;
  }

  static long[] exchange(int n) {
    long[] perm = new long[n + 2];
    Arrays.setAll(perm, i -> i);
    perm[0] = 1;
    perm[1] = 0;
    return perm;
  }

  private static long[] fill(int n, long value) {
    long[] filled = new long[n];
    Arrays.fill(filled, value);
    return filled;
  }
}
