package dev.forearm.models.grad;

import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.List;

/**
 * Attention and RotaryEmbedding of opset 23 in small operators, after the reference text of the
 * ONNX operator documentation: scores, soft cap, mask, softmax, values.
 */
final class AttentionLowering {
  /** Below every score, and finite, so that no row of weights becomes NaN. */
  private static final double LOWEST = -1e38;

  private AttentionLowering() {}

  static void lower(Node node, GraphBuilder o) {
    long heads = node.integer("q_num_heads", 0);
    long keyHeads = node.integer("kv_num_heads", heads);
    boolean flat = o.rank(node.input(0)) == 3;
    String q = flat ? splitHeads(o, node.input(0), heads) : node.input(0);
    String k = flat ? splitHeads(o, node.input(1), keyHeads) : node.input(1);
    String v = flat ? splitHeads(o, node.input(2), keyHeads) : node.input(2);
    if (node.hasInput(4)) {
      k = o.concat(2, node.input(4), k);
      v = o.concat(2, node.input(5), v);
    }
    if (node.hasOutput(1)) {
      o.node("Identity", k).named(node.output(1));
    }
    if (node.hasOutput(2)) {
      o.node("Identity", v).named(node.output(2));
    }
    String keys = repeatHeads(o, k, q, node);
    String values = repeatHeads(o, v, q, node);
    String raw = o.op("MatMul", scaled(node, o, q), o.swap(scaled(node, o, keys)));
    double cap = node.real("softcap", 0);
    String capped = cap == 0 ? raw : o.scale(o.op("Tanh", o.scale(raw, 1 / cap)), cap);
    String masked = mask(node, o, capped);
    String weights = weights(node, o, masked);
    if (node.hasOutput(3)) {
      long mode = node.integer("qk_matmul_output_mode", 0);
      String shown = mode == 0 ? raw : mode == 3 ? weights : mode == 1 ? capped : masked;
      o.node("Identity", shown).named(node.output(3));
    }
    String result = o.op("MatMul", weights, values);
    if (flat) {
      String rows = o.transpose(result, 0, 2, 1, 3);
      o.node("Reshape", rows, o.longs(0, 0, -1)).named(node.output(0));
    } else {
      o.node("Identity", result).named(node.output(0));
    }
  }

  /** [batch, step, head * size] to [batch, head, step, size]. */
  private static String splitHeads(GraphBuilder o, String x, long heads) {
    return o.transpose(o.reshape(x, 0, 0, heads, -1), 0, 2, 1, 3);
  }

  /** Gives each query head a key head: neighbours share one. */
  private static String repeatHeads(GraphBuilder o, String x, String q, Node node) {
    Dim wanted = o.types().dims(q).get(1);
    Dim found = o.types().dims(x).get(1);
    if (wanted.equals(found)) {
      return x;
    }
    if (!(wanted instanceof Dim.Known(long queries))
        || !(found instanceof Dim.Known(long keys))
        || queries % keys != 0) {
      throw Lowering.refuse(
          o,
          node,
          "found " + wanted + " query heads over " + found + " key heads, wanted a multiple");
    }
    String apart = o.unsqueeze(x, 2);
    String wide = o.op("Expand", apart, o.join(o.longs(1, 1, queries / keys, 1, 1)));
    return o.reshape(wide, o.join(o.dim(x, 0), o.longs(queries), o.dim(x, 2), o.dim(x, 3)));
  }

  /** Times the root of the scale, on both sides of the product, as the reference does. */
  private static String scaled(Node node, GraphBuilder o, String x) {
    if (node.has("scale")) {
      return o.scale(x, Math.sqrt(node.real("scale", 1)));
    }
    if (o.types().dims(x).get(3) instanceof Dim.Known(long size)) {
      return o.scale(x, Math.pow((double) size, -0.25));
    }
    String size = o.castLike(o.squeeze(o.dim(x, 3), 0), x);
    return o.op("Mul", x, o.op("Pow", size, o.number(-0.25, x)));
  }

  /** Softmax over the keys; a query that a mask leaves no key attends to nothing. */
  private static String weights(Node node, GraphBuilder o, String masked) {
    if (!node.hasInput(3)) {
      return o.node("Softmax", masked).with("axis", -1L).one();
    }
    String finite = o.op("Max", masked, o.number(LOWEST, masked));
    String weights = o.node("Softmax", finite).with("axis", -1L).one();
    String alive =
        o.op("Greater", o.reduce("ReduceMax", masked, true, -1), o.number(LOWEST, masked));
    return o.mask(alive, weights);
  }

  private static String mask(Node node, GraphBuilder o, String scores) {
    String result = scores;
    double lowest = Double.NEGATIVE_INFINITY;
    if (node.hasInput(3)) {
      String mask = node.input(3);
      boolean flags = o.types().type(mask).type() == ElementType.BOOL;
      result =
          flags
              ? o.op("Where", mask, result, o.number(lowest, result))
              : o.add(result, o.castLike(mask, result));
    }
    if (node.integer("is_causal", 0) != 0) {
      int rank = o.rank(scores);
      String rows = o.dim(scores, rank - 2);
      String columns = o.dim(scores, rank - 1);
      String past = node.hasInput(4) ? o.dim(node.input(4), 2) : o.longs(0);
      String row = o.unsqueeze(o.add(range(o, rows), past), 1);
      String allowed = o.op("LessOrEqual", o.unsqueeze(range(o, columns), 0), row);
      result = o.op("Where", allowed, result, o.number(lowest, result));
    }
    return result;
  }

  private static String range(GraphBuilder o, String count) {
    return o.op("Range", o.index(0), o.squeeze(count, 0), o.index(1));
  }

  static void lowerRotary(Node node, GraphBuilder o) {
    String x = node.input(0);
    boolean flat = o.rank(x) == 3;
    String heads =
        flat ? o.reshape(x, 0, 0, node.integer("num_heads", 1), -1) : o.transpose(x, 0, 2, 1, 3);
    long turned = node.integer("rotary_embedding_dim", 0);
    String rotate = heads;
    String rest = "";
    if (turned > 0) {
      rotate = part(o, heads, 0, turned, 1);
      rest = part(o, heads, turned, Integer.MAX_VALUE, 1);
    }
    String cos = cache(node, o, 1);
    String sin = cache(node, o, 2);
    boolean interleaved = node.integer("interleaved", 0) != 0;
    List<String> halves =
        interleaved
            ? List.of(
                part(o, rotate, 0, Integer.MAX_VALUE, 2), part(o, rotate, 1, Integer.MAX_VALUE, 2))
            : o.node("Split", rotate).with("axis", -1L).with("num_outputs", 2L).many(2);
    String real = o.sub(o.mul(cos, halves.get(0)), o.mul(sin, halves.get(1)));
    String imaginary = o.add(o.mul(sin, halves.get(0)), o.mul(cos, halves.get(1)));
    String joined =
        interleaved
            ? o.reshape(
                o.concat(-1, o.unsqueeze(real, -1), o.unsqueeze(imaginary, -1)), 0, 0, 0, -1)
            : o.concat(-1, real, imaginary);
    String whole = rest.isEmpty() ? joined : o.concat(-1, joined, rest);
    if (flat) {
      o.node("Reshape", whole, o.shapeOf(x)).named(node.output(0));
    } else {
      o.node("Transpose", whole).with("perm", new long[] {0, 2, 1, 3}).named(node.output(0));
    }
  }

  /** Rows of the cosine or sine table, as [batch, step, 1, half]. */
  private static String cache(Node node, GraphBuilder o, int input) {
    String table = node.input(input);
    String rows = node.hasInput(3) ? o.op("Gather", table, node.input(3)) : table;
    return o.unsqueeze(rows, 2);
  }

  private static String part(GraphBuilder o, String x, long from, long to, long step) {
    return o.op("Slice", x, o.longs(from), o.longs(to), o.longs(-1), o.longs(step));
  }
}
