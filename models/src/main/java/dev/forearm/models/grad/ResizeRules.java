package dev.forearm.models.grad;

import dev.forearm.models.onnx.Attribute;
import dev.forearm.models.onnx.Dim;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.Emit;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.onnx.build.OperatorTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resizing. It is linear and acts on each axis by itself, so along one axis it is a matrix;
 * resizing the identity matrix with the same attributes spells that matrix out, whatever the
 * coordinates' convention. The gradient is multiplied by it, axis by axis.
 */
final class ResizeRules {
  private ResizeRules() {}

  static void register(OperatorTable<Rule> t) {
    t.put("Resize", Rule.of(ResizeRules::resize));
  }

  /**
   * Says the size that comes out, where ONNX Runtime's kernel, which counts in float32, makes one
   * more than what its inference of shapes tells the nodes behind.
   */
  static void lower(Node node, GraphBuilder o) {
    HostTensor scales = node.hasInput(2) ? o.types().constant(node.input(2)) : null;
    TensorType x = o.types().find(node.input(0));
    if (scales == null || x == null || !x.isStatic() || !roundedUp(node, scales, x.dims())) {
      o.append(node);
      return;
    }
    String resized = o.fresh(node.op());
    o.append(node.withOutputs(List.of(resized)));
    o.node("Reshape", resized, o.shapeOf(resized)).named(node.output(0));
  }

  private static boolean roundedUp(Node node, HostTensor scales, @Nullable List<Dim> dims) {
    long[] axes = node.integers("axes");
    for (int i = 0; i < scales.size() && dims != null; i++) {
      int axis = (int) (axes == null ? i : Math.floorMod(axes[i], (long) dims.size()));
      long size = dims.get(axis).orUnknown();
      if ((long) (size * (float) scales.at(i)) > (long) (size * scales.at(i))) {
        return true;
      }
    }
    return false;
  }

  private static String resize(Backward b, GraphBuilder o) {
    if (b.node().text("coordinate_transformation_mode", "half_pixel").equals("tf_crop_and_resize")
        || !b.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw b.refuse("crops and kept aspect ratios are not supported in Resize");
    }
    List<Dim> in = o.types().dims(b.x(0));
    List<Dim> out = o.types().dims(b.y());
    long[] axes = b.node().integers("axes");
    if (axes == null) {
      axes = new long[in.size()];
      Arrays.setAll(axes, i -> i);
    }
    String dy = b.dy();
    for (int i = 0; i < axes.length; i++) {
      int axis = b.axis(axes[i], 0);
      if (!stays(b, o, in.get(axis), out.get(axis), i)) {
        dy = alongAxis(b, o, dy, axis, i);
      }
    }
    return dy;
  }

  /** Whether nothing happens along an axis: given a scale, even an equal size may be a blend. */
  private static boolean stays(Backward b, GraphBuilder o, Dim in, Dim out, int entry) {
    if (b.node().hasInput(3)) {
      List<Dim> sizes = o.types().numbers(b.x(3));
      return in.equals(out) || (sizes != null && sizes.get(entry).equals(in));
    }
    HostTensor scales = o.types().constant(b.x(2));
    return scales == null ? in.equals(out) : scales.at(entry) == 1;
  }

  private static String alongAxis(Backward b, GraphBuilder o, String dy, int axis, int entry) {
    int last = o.rank(dy) - 1;
    long[] perm = new long[last + 1];
    Arrays.setAll(perm, i -> i);
    perm[axis] = last;
    perm[last] = axis;
    String turned = o.transpose(dy, perm);
    return o.transpose(o.op("MatMul", turned, o.swap(matrix(b, o, axis, entry))), perm);
  }

  /** The identity of the axis' input size, resized along its columns: [in, out]. */
  private static String matrix(Backward b, GraphBuilder o, int axis, int entry) {
    String in = o.dim(b.x(0), axis);
    String out = o.dim(b.y(), axis);
    String square = o.op("Expand", o.number(0, b.x(0)), o.join(in, in));
    String eye = o.reshape(o.op("EyeLike", square), o.join(o.longs(1), in, o.longs(1), in));
    boolean bySizes = b.node().hasInput(3);
    List<String> inputs;
    if (bySizes) {
      inputs = List.of(eye, "", "", o.join(o.longs(1), in, o.longs(1), out));
    } else {
      String scale = o.op("Slice", b.x(2), o.longs(entry), o.longs(entry + 1L));
      String one = o.constant(HostTensor.ofFloats(new long[] {3}, 1, 1, 1));
      inputs = List.of(eye, "", o.concat(0, one, scale));
    }
    Emit emit = o.node("Resize", inputs);
    for (Map.Entry<String, Attribute> attribute : b.node().attributes().entrySet()) {
      if (!attribute.getKey().equals("axes")) {
        emit.with(attribute.getKey(), attribute.getValue());
      }
    }
    return o.reshape(emit.one(), o.join(in, out));
  }
}
