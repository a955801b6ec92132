package dev.forearm.models.grad;

import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import dev.forearm.models.onnx.build.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pooling. */
final class PoolRules {
  private PoolRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("MaxPool", Rule.of(PoolRules::maxPool));
    t.put("AveragePool", Rule.of(PoolRules::averagePool));
    t.put("GlobalAveragePool", Rule.of(PoolRules::globalAverage));
    t.put("GlobalMaxPool", Rule.of(PoolRules::globalMax));
  }

  /**
   * Writes {@code ceil_mode} out as more padding behind, where sizes are known: what ONNX infers of
   * it before opset 22 has a window that starts in the padding, and ONNX Runtime computes none.
   * Where padding counts, the average is of the padded input; what hangs over behind never counts.
   */
  static void lower(Node node, GraphBuilder o) {
    TensorType x = o.types().find(node.input(0));
    if (node.integer("ceil_mode", 0) == 0
        || !node.text("auto_pad", "NOTSET").equals("NOTSET")
        || x == null
        || x.dims() == null
        || x.dims().subList(2, x.rank()).stream().anyMatch(dim -> dim.orUnknown() < 0)) {
      o.append(node);
      return;
    }
    long[] sizes = x.dims().stream().skip(2).mapToLong(Dim::orUnknown).toArray();
    Windows w = Windows.of(node, null, sizes);
    int n = w.axes();
    long[] given = w.pads().clone();
    for (int i = 0; i < n; i++) {
      long end = (w.count(i, sizes[i], true) - 1) * w.strides()[i] + w.reach(i);
      w.pads()[n + i] = Math.max(given[n + i], end - sizes[i] - given[i]);
      if (w.pads()[n + i] >= w.kernel()[i]) { // more than ONNX Runtime takes
        o.append(node);
        return;
      }
    }
    String input = node.input(0);
    boolean counts = node.integer("count_include_pad", 0) != 0 && !Arrays.equals(given, w.pads());
    if (counts) {
      input = Pads.spatial(o, input, given);
      for (int i = 0; i < 2 * n; i++) {
        w.pads()[i] -= given[i];
      }
    }
    Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
    attributes.remove("ceil_mode");
    attributes.put("pads", Attribute.of(w.pads()));
    if (counts) {
      attributes.remove("count_include_pad");
    }
    o.append(new Node(node.op(), "", node.name(), List.of(input), node.outputs(), attributes));
  }

  /** The winner of each window gets its gradient: MaxPool says at which position it stands. */
  private static String maxPool(Backward b, GraphBuilder o) {
    if (b.node().integer("storage_order", 0) != 0) {
      throw b.refuse("storage_order 1 is not supported; export with 0");
    }
    String x = b.x(0);
    String zeros = o.reshape(o.zerosLike(x), -1);
    String flat =
        o.node("ScatterElements", zeros, o.reshape(b.y(1), -1), o.reshape(b.dy(), -1))
            .with("axis", 0L)
            .with("reduction", "add")
            .one();
    return o.reshape(flat, o.shapeOf(x));
  }

  /**
   * Spreads each window's share evenly: the transposed convolution with a kernel of ones, one
   * channel at a time. How many elements a window has is found by pooling ones in the same way.
   */
  private static String averagePool(Backward b, GraphBuilder o) {
    Windows w = Windows.of(b.node(), null, b.spatial(0));
    int n = w.axes();
    boolean pads = b.node().integer("count_include_pad", 0) != 0;
    boolean ceil = b.node().integer("ceil_mode", 0) != 0;
    String x = b.x(0);
    List<String> single = new ArrayList<>(List.of(o.longs(-1, 1)));
    List<String> outSingle = new ArrayList<>(single);
    for (int i = 2; i < n + 2; i++) {
      single.add(o.dim(x, i));
      outSingle.add(o.dim(b.y(), i));
    }
    String image = o.reshape(x, o.join(single));
    String dy = o.reshape(b.dy(), o.join(outSingle));
    String kernel = ones(o, x, w.kernel());
    String share;
    if (pads && !ceil) {
      share = o.scale(dy, 1.0 / Arrays.stream(w.kernel()).reduce(1, (p, q) -> p * q));
    } else {
      share = o.div(dy, windowSizes(b, o, image, dy, kernel, w, pads));
    }
    String spread = ConvRules.inputGradient(o, share, kernel, image, w, 1);
    return o.reshape(spread, o.shapeOf(x));
  }

  private static String windowSizes(
      Backward b,
      GraphBuilder o,
      String image,
      String dy,
      String kernel,
      Windows w,
      boolean countPads) {
    String one = o.op("Expand", o.number(1, image), o.shapeOf(image));
    int n = w.axes();
    long[] axes = new long[n];
    Arrays.setAll(axes, i -> i + 2L);
    String padded = Pads.spatial(o, one, w.pads(), o.number(countPads ? 1 : 0, image));
    // Windows that ceil_mode lets hang over the end see zeros there.
    long[] over = new long[2 * n];
    for (int i = 0; i < n; i++) {
      over[n + i] = b.node().integer("ceil_mode", 0) == 0 ? 0 : w.strides()[i] - 1;
    }
    String extended = Pads.spatial(o, padded, over);
    String counts =
        o.node("Conv", extended, kernel)
            .with("strides", w.strides())
            .with("dilations", w.dilations())
            .one();
    long[] starts = new long[n];
    List<String> ends = new ArrayList<>();
    for (int i = 2; i < n + 2; i++) {
      ends.add(o.dim(dy, i));
    }
    return o.op("Slice", counts, o.longs(starts), o.join(ends), o.longs(axes));
  }

  private static String ones(GraphBuilder o, String like, long[] kernel) {
    long[] shape = new long[kernel.length + 2];
    shape[0] = 1;
    shape[1] = 1;
    System.arraycopy(kernel, 0, shape, 2, kernel.length);
    return o.op("Expand", o.number(1, like), o.longs(shape));
  }

  private static String globalAverage(Backward b, GraphBuilder o) {
    String x = b.x(0);
    String share = o.div(o.count(b.y(), x), o.count(x, x));
    return o.expandLike(o.mul(b.dy(), share), x);
  }

  private static String globalMax(Backward b, GraphBuilder o) {
    String holds = o.castLike(o.op("Equal", b.x(0), b.y()), b.x(0));
    long[] axes = new long[o.rank(b.x(0)) - 2];
    Arrays.setAll(axes, i -> i + 2L);
    return o.mul(o.div(b.dy(), o.sum(holds, true, axes)), holds);
  }
}
