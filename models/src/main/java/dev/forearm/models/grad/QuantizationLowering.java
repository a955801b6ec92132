package dev.forearm.models.grad;

import dev.forearm.models.onnx.Node;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.Emit;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * DequantizeLinear in small operators. Behind a QuantizeLinear of the same scale it is a fake
 * quantization: the value is the rounded one, the gradient passes as if nothing were rounded
 * wherever the value is within the range of the quantized type, and the scale gets none, as in
 * PyTorch's {@code fake_quantize}. Else, as of a quantized weight, only the scale is trained.
 */
final class QuantizationLowering {
  private final Node node;
  private final GraphBuilder o;

  private QuantizationLowering(Node node, GraphBuilder o) {
    this.node = node;
    this.o = o;
  }

  static void lower(Node node, GraphBuilder o) {
    new QuantizationLowering(node, o).write();
  }

  private void write() {
    TensorType quantized = o.types().find(node.input(0));
    if (quantized == null || quantized.dims() == null || node.integer("block_size", 0) != 0) {
      o.append(node);
      return;
    }
    Node source = source();
    if (source == null) {
      o.node("Mul", offset(o.castLike(node.input(0), node.input(1))), perAxis(node.input(1)))
          .named(node.output(0));
      return;
    }
    Emit real = o.node("DequantizeLinear", node.inputs());
    node.attributes().forEach(real::with);
    String passing = within(source.input(0), quantized.type());
    String rounding = Losses.stopGradient(o, o.sub(real.one(), passing));
    o.node("Add", passing, rounding).named(node.output(0));
  }

  /** The QuantizeLinear that this undoes, or null. */
  private @Nullable Node source() {
    return o.graph().nodes().stream()
        .filter(made ->
            made.standard()
                && made.op().equals("QuantizeLinear")
                && made.output(0).equals(node.input(0))
                && made.input(1).equals(node.input(1))
                && made.input(2).equals(node.input(2)))
        .findFirst()
        .orElse(null);
  }

  /** Cut off where the quantized number would be beyond its type: half a step beyond the last. */
  private String within(String x, ElementType type) {
    int bits = 8 * type.bytes();
    boolean signed = type == ElementType.INT8 || type == ElementType.INT16;
    double least = signed ? -Math.pow(2, bits - 1) : 0;
    double most = least + Math.pow(2, bits) - 1;
    String low = bound(least - 0.5, x);
    String high = bound(most + 0.5, x);
    return o.op("Min", o.op("Max", x, low), high);
  }

  private String bound(double quantized, String x) {
    String number = o.number(quantized, node.input(1));
    String value = o.mul(offset(number), perAxis(node.input(1)));
    return Losses.stopGradient(o, o.castLike(value, x));
  }

  /** Without the zero point. */
  private String offset(String quantized) {
    return node.hasInput(2)
        ? o.sub(quantized, perAxis(o.castLike(node.input(2), node.input(1))))
        : quantized;
  }

  /** One number, or one for each index of the axis. */
  private String perAxis(String values) {
    if (o.rank(values) == 0) {
      return values;
    }
    int rank = o.rank(node.input(0));
    long axis = node.integer("axis", 1);
    long[] shape = new long[Math.max(1, rank - (int) (axis < 0 ? axis + rank : axis))];
    Arrays.fill(shape, 1);
    shape[0] = -1;
    return o.reshape(values, shape);
  }
}
