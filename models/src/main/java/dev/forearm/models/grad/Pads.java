package dev.forearm.models.grad;

import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.Emit;
import dev.forearm.models.onnx.build.GraphBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Pads with one entry for every axis. ONNX Runtime moves transpositions through a Pad and takes one
 * that names its {@code axes} for one of all axes: the graph then fails when it runs (seen in 1.29
 * to 1.32). So no training graph has such a Pad.
 */
final class Pads {
  private Pads() {}

  /**
   * Pads, or cuts where negative, the axes behind batch and channel with zeros.
   *
   * @param spatial what goes in front of each, then what goes behind each
   */
  static String spatial(GraphBuilder o, String x, long[] spatial) {
    return o.op("Pad", x, o.longs(withBatchAndChannel(spatial)));
  }

  /** As above, with a value of its own instead of zero. */
  static String spatial(GraphBuilder o, String x, long[] spatial, String value) {
    return o.op("Pad", x, o.longs(withBatchAndChannel(spatial)), value);
  }

  /**
   * As above, known only at run time.
   *
   * @param front int64 of one element for each of these axes
   * @param behind likewise
   */
  static String spatial(GraphBuilder o, String x, String front, String behind) {
    String none = o.longs(0, 0);
    return o.op("Pad", x, o.concat(0, none, front, none, behind));
  }

  /** Writes a Pad that names its axes as one of all axes, where they are known before the run. */
  static void lower(Node node, GraphBuilder o) {
    long[] axes = node.hasInput(3) ? o.types().knownNumbers(node.input(3)) : null;
    if (axes == null) {
      o.append(node);
      return;
    }
    int rank = o.rank(node.input(0));
    long[] known = o.types().knownNumbers(node.input(1));
    List<String> pads = new ArrayList<>(Collections.nCopies(2 * rank, o.longs(0)));
    for (int i = 0; i < 2 * axes.length; i++) {
      int axis = Math.toIntExact(axes[i % axes.length]);
      int place = (axis < 0 ? axis + rank : axis) + (i < axes.length ? 0 : rank);
      pads.set(place, known == null ? element(o, node.input(1), i) : o.longs(known[i]));
    }
    List<String> inputs = new ArrayList<>(List.of(node.input(0), o.join(pads)));
    if (node.hasInput(2)) {
      inputs.add(node.input(2));
    }
    Emit pad = o.node("Pad", inputs);
    node.attributes().forEach(pad::with);
    pad.named(node.output(0));
  }

  private static String element(GraphBuilder o, String vector, long at) {
    return o.op("Slice", vector, o.longs(at), o.longs(at + 1), o.longs(0));
  }

  private static long[] withBatchAndChannel(long[] spatial) {
    int n = spatial.length / 2;
    long[] all = new long[2 * (n + 2)];
    System.arraycopy(spatial, 0, all, 2, n);
    System.arraycopy(spatial, n, all, n + 4, n);
    return all;
  }
}
