package dev.forearm.models.grad;

import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.Arrays;

/**
 * Normalisations. All but batch norm share one formula: with x^ the normalised input and d the
 * gradient of x^, dx = inverse deviation * (d - mean(d) - x^ mean(d x^)), means over the normalised
 * axes; without centring the middle term is gone.
 */
final class NormRules {
  private NormRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("LayerNormalization", NormRules::layer);
    t.put("RMSNormalization", NormRules::rms);
    t.put("GroupNormalization", NormRules::group);
    t.put("InstanceNormalization", NormRules::instance);
    t.put("BatchNormalization", NormRules::batch);
    t.put("LpNormalization", Rule.of(NormRules::lp));
  }

  /** The gradient of the input of a normalisation over {@code axes}. */
  private static String input(
      GraphBuilder o, String d, String normal, String inverse, boolean centred, long... axes) {
    String along = o.mul(normal, o.mean(o.mul(d, normal), true, axes));
    String rest = centred ? o.sub(d, o.mean(d, true, axes)) : d;
    return o.mul(inverse, o.sub(rest, along));
  }

  private static void layer(Backward b, GraphBuilder o) {
    String x = b.x(0);
    int axis = b.axis(b.node().integer("axis", -1), 0);
    String inverse = o.castLike(b.y(2), x);
    String normal = o.mul(o.sub(x, o.castLike(b.y(1), x)), inverse);
    if (b.wants(0)) {
      String d = o.mul(b.dy(), b.x(1));
      b.give(0, input(o, d, normal, inverse, true, from(axis, o.rank(x))));
    }
    if (b.wants(1)) {
      b.give(1, o.mul(b.dy(), normal));
    }
    if (b.wants(2)) {
      b.give(2, b.dy());
    }
  }

  private static void rms(Backward b, GraphBuilder o) {
    String x = b.x(0);
    int axis = b.axis(b.node().integer("axis", -1), 0);
    long[] axes = from(axis, o.rank(x));
    String inverse =
        inverseRoot(o, o.mean(o.square(x), true, axes), b.node().real("epsilon", 1e-5f));
    String normal = o.mul(x, inverse);
    if (b.wants(0)) {
      b.give(0, input(o, o.mul(b.dy(), b.x(1)), normal, inverse, false, axes));
    }
    if (b.wants(1)) {
      b.give(1, o.mul(b.dy(), normal));
    }
  }

  /** Scale and bias are per channel from opset 21, per group before. */
  private static void group(Backward b, GraphBuilder o) {
    String x = b.x(0);
    int rank = o.rank(x);
    String shape = o.shapeOf(x);
    long[] groups = {0, b.node().integer("num_groups", 1), -1};
    String rows = o.reshape(x, groups);
    String centred = o.sub(rows, o.mean(rows, true, 2));
    String inverse =
        inverseRoot(o, o.mean(o.square(centred), true, 2), b.node().real("epsilon", 1e-5f));
    String normal = o.mul(centred, inverse);
    boolean perGroup = o.graph().opset() < 21;
    String dy = perGroup ? o.reshape(b.dy(), groups) : b.dy();
    String scale = perChannel(o, b.x(1), perGroup ? 3 : rank);
    if (b.wants(0)) {
      String d = o.reshape(o.mul(dy, scale), groups);
      b.give(0, o.reshape(input(o, d, normal, inverse, true, 2), shape));
    }
    String full = perGroup ? normal : o.reshape(normal, shape);
    long[] others = butChannel(perGroup ? 3 : rank);
    if (b.wants(1)) {
      b.give(1, o.sum(o.mul(dy, full), false, others));
    }
    if (b.wants(2)) {
      b.give(2, o.sum(dy, false, others));
    }
  }

  private static void instance(Backward b, GraphBuilder o) {
    String x = b.x(0);
    int rank = o.rank(x);
    long[] axes = from(2, rank);
    String centred = o.sub(x, o.mean(x, true, axes));
    String inverse =
        inverseRoot(o, o.mean(o.square(centred), true, axes), b.node().real("epsilon", 1e-5f));
    String normal = o.mul(centred, inverse);
    if (b.wants(0)) {
      String d = o.mul(b.dy(), perChannel(o, b.x(1), rank));
      b.give(0, input(o, d, normal, inverse, true, axes));
    }
    if (b.wants(1)) {
      b.give(1, o.sum(o.mul(b.dy(), normal), false, butChannel(rank)));
    }
    if (b.wants(2)) {
      b.give(2, o.sum(b.dy(), false, butChannel(rank)));
    }
  }

  /** With frozen statistics: y = (x - mean) / sqrt(var + eps) * scale + bias. */
  private static void batch(Backward b, GraphBuilder o) {
    if (b.node().integer("training_mode", 0) != 0) {
      throw b.refuse(
          "training_mode 1 updates statistics; export in eval mode with frozen batch norm");
    }
    int rank = o.rank(b.x(0));
    long[] others = butChannel(rank);
    String inverse = inverseRoot(o, b.x(4), b.node().real("epsilon", 1e-5f));
    String slope = o.mul(b.x(1), inverse);
    if (b.wants(0)) {
      b.give(0, o.mul(b.dy(), perChannel(o, slope, rank)));
    }
    if (b.wants(1) || b.wants(4)) {
      String centred = o.sub(b.x(0), perChannel(o, b.x(3), rank));
      String along = o.sum(o.mul(b.dy(), centred), false, others);
      if (b.wants(1)) {
        b.give(1, o.mul(along, inverse));
      }
      if (b.wants(4)) {
        b.give(4, o.scale(o.mul(o.mul(along, slope), o.square(inverse)), -0.5));
      }
    }
    if (b.wants(2) || b.wants(3)) {
      String sum = o.sum(b.dy(), false, others);
      if (b.wants(2)) {
        b.give(2, sum);
      }
      if (b.wants(3)) {
        b.give(3, o.neg(o.mul(sum, slope)));
      }
    }
  }

  /** y = x / |x|; dx = (d - y * (d, y)) / |x| for p = 2, with sign(x) in place of y for p = 1. */
  private static String lp(Backward b, GraphBuilder o) {
    long axis = b.node().integer("axis", -1);
    boolean euclidean = b.node().integer("p", 2) == 2;
    String x = b.x(0);
    String norm = o.reduce(euclidean ? "ReduceL2" : "ReduceL1", x, true, axis);
    String direction = euclidean ? b.y() : o.op("Sign", x);
    String along = o.mul(direction, o.sum(o.mul(b.dy(), b.y()), true, axis));
    return o.div(o.sub(b.dy(), along), norm);
  }

  private static String inverseRoot(GraphBuilder o, String variance, float epsilon) {
    return o.op("Reciprocal", o.op("Sqrt", o.shift(variance, epsilon)));
  }

  /** A value per channel, shaped to multiply N C spatial. */
  private static String perChannel(GraphBuilder o, String values, int rank) {
    long[] shape = new long[rank - 1];
    Arrays.fill(shape, 1);
    shape[0] = -1;
    return rank == 2 ? values : o.reshape(values, shape);
  }

  private static long[] butChannel(int rank) {
    long[] axes = new long[rank - 1];
    for (int i = 1; i < axes.length; i++) {
      axes[i] = i + 1L;
    }
    return axes;
  }

  private static long[] from(int first, int rank) {
    long[] axes = new long[rank - first];
    Arrays.setAll(axes, i -> (long) first + i);
    return axes;
  }
}
