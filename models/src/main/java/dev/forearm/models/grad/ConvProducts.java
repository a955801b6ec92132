package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gradients of a convolution as one matrix product each, over the whole batch. ONNX Runtime's
 * own convolutions multiply image by image; where images are small and weights large, as in the
 * last blocks of a ResNet, that reads the weights once an image, and exchanging their axes costs as
 * much as the product.
 *
 * <pre>
 *   columns [in * kernel, batch * out sizes]    each element of the window, cut out of the input
 *   d weight [out, in * kernel]  =  d y [out, batch * out sizes]  *  columns^T
 *   d columns                    =  weight^T  *  d y              added up where windows overlap
 * </pre>
 *
 * Wanted: all sizes fixed, one group, and columns of bounded size, for they are a copy of the input
 * for each element of the kernel.
 */
final class ConvProducts {
  private static final long MOST_COLUMN_ELEMENTS = 1L << 23;
  private static final long MOST_KERNEL_ELEMENTS = 64;

  private final GraphBuilder o;
  private final Windows w;
  private final long[] x;
  private final long[] y;
  private final long[] kernel;

  private ConvProducts(GraphBuilder o, Windows w, long[] x, long[] y, long[] kernel) {
    this.o = o;
    this.w = w;
    this.x = x;
    this.y = y;
    this.kernel = kernel;
  }

  /** Whether the products can be formed, and are worth it, for these shapes. */
  static boolean fit(
      GraphBuilder o, String input, String output, String weight, Windows w, long group) {
    boolean fixed =
        List.of(input, output, weight).stream()
            .allMatch(
                value -> o.types().dims(value).stream().allMatch(Dim.Known.class::isInstance));
    if (!fixed || group != 1) {
      return false;
    }
    long offsets = product(w.kernel());
    long[] x = sizes(o, input);
    long[] y = sizes(o, output);
    long windows = y[0] * product(Arrays.copyOfRange(y, 2, y.length));
    return windows > 0
        && offsets <= MOST_KERNEL_ELEMENTS
        && x[1] * offsets * windows <= MOST_COLUMN_ELEMENTS;
  }

  /** The gradient of the weight, [out, in, kernel]. */
  static String weightGradient(GraphBuilder o, String input, String dy, String weight, Windows w) {
    ConvProducts c = of(o, input, dy, weight, w);
    String product =
        o.node("Gemm", c.rows(dy), c.columns(input)).with("transA", 0L).with("transB", 1L).one();
    return o.reshape(product, c.kernel);
  }

  /** Whether {@link #inputGradient} can add windows up: they move by one element. */
  static boolean overlapsPlainly(Windows w) {
    return Arrays.stream(w.strides()).allMatch(stride -> stride == 1);
  }

  /** The gradient of the input, of the shape of {@code input}. */
  static String inputGradient(GraphBuilder o, String input, String dy, String weight, Windows w) {
    ConvProducts c = of(o, input, dy, weight, w);
    long in = c.x[1];
    long offsets = product(w.kernel());
    String matrix = o.reshape(weight, c.kernel[0], in * offsets);
    String columns = o.node("Gemm", matrix, c.rows(dy)).with("transA", 1L).one();
    long[] shape = new long[c.y.length + 1];
    shape[0] = in;
    shape[1] = offsets;
    shape[2] = c.y[0];
    System.arraycopy(c.y, 2, shape, 3, c.y.length - 2);
    return c.overlap(o.reshape(columns, shape), offsets);
  }

  private static ConvProducts of(
      GraphBuilder o, String input, String dy, String weight, Windows w) {
    return new ConvProducts(o, w, sizes(o, input), sizes(o, dy), sizes(o, weight));
  }

  /** [batch, out, sizes] as [out, batch * sizes]. */
  private String rows(String dy) {
    return o.reshape(o.transpose(dy, ConvRules.exchange(w.axes())), y[1], -1);
  }

  /** [batch, in, sizes] as [in * kernel, batch * out sizes]. */
  private String columns(String input) {
    int n = w.axes();
    long[] pads = new long[2 * n];
    for (int i = 0; i < n; i++) {
      pads[i] = w.pads()[i];
      // Negative where the last window ends before the input does.
      pads[i + n] = (y[i + 2] - 1) * w.strides()[i] + w.reach(i) - w.pads()[i] - x[i + 2];
    }
    String whole = o.transpose(input, ConvRules.exchange(n));
    if (Arrays.stream(pads).anyMatch(pad -> pad != 0)) {
      whole = Pads.spatial(o, whole, pads);
    }
    List<String> elements = new ArrayList<>();
    for (long[] offset : offsets()) {
      long[] end = new long[n];
      Arrays.setAll(end, i -> offset[i] + (y[i + 2] - 1) * w.strides()[i] + 1);
      String element =
          product(w.kernel()) == 1 && product(w.strides()) == 1
              ? whole
              : o.op(
                  "Slice",
                  whole,
                  o.longs(offset),
                  o.longs(end),
                  o.longs(spatialAxes(n)),
                  o.longs(w.strides()));
      elements.add(o.reshape(element, x[1], 1, -1));
    }
    return o.reshape(o.concat(1, elements), x[1] * elements.size(), -1);
  }

  /** [in, kernel, batch, out sizes] added up to [batch, in, sizes]. */
  private String overlap(String columns, long count) {
    int n = w.axes();
    long[] ones = new long[(int) count];
    Arrays.fill(ones, 1);
    List<String> parts =
        count == 1
            ? List.of(columns)
            : o.node("Split", columns, o.longs(ones)).with("axis", 1L).many((int) count);
    List<String> placed = new ArrayList<>();
    List<long[]> offsets = offsets();
    for (int i = 0; i < parts.size(); i++) {
      long[] pads = new long[2 * n];
      for (int d = 0; d < n; d++) {
        // Where this element of each window lies in the input; negative cuts what fell on padding.
        pads[d] = offsets.get(i)[d] - w.pads()[d];
        pads[d + n] = x[d + 2] - y[d + 2] - pads[d];
      }
      String part = o.squeeze(parts.get(i), 1);
      boolean whole = Arrays.stream(pads).allMatch(pad -> pad == 0);
      placed.add(whole ? part : Pads.spatial(o, part, pads));
    }
    String sum = placed.size() == 1 ? placed.getFirst() : o.node("Sum", placed).one();
    return o.transpose(sum, ConvRules.exchange(n));
  }

  /** Where each element of the kernel lies in the window, last axis fastest. */
  private List<long[]> offsets() {
    List<long[]> offsets = new ArrayList<>();
    long count = product(w.kernel());
    for (long i = 0; i < count; i++) {
      long[] offset = new long[w.axes()];
      long rest = i;
      for (int d = w.axes() - 1; d >= 0; d--) {
        offset[d] = rest % w.kernel()[d] * w.dilations()[d];
        rest /= w.kernel()[d];
      }
      offsets.add(offset);
    }
    return offsets;
  }

  private static long[] spatialAxes(int n) {
    long[] axes = new long[n];
    Arrays.setAll(axes, i -> i + 2L);
    return axes;
  }

  private static long[] sizes(GraphBuilder o, String value) {
    return o.types().dims(value).stream().mapToLong(Dim::orUnknown).toArray();
  }

  private static long product(long[] factors) {
    long product = 1;
    for (long factor : factors) {
      product = Math.multiplyExact(product, factor);
    }
    return product;
  }
}
