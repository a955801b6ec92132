package dev.forearm.bench;

import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The layers that the models of benchmarks are made of, with random weights under names of their
 * own. Batch norm is frozen: its statistics are called {@code running_*}.
 */
final class Layers {
  private static final int OPSET = 20;

  final GraphBuilder o;
  private final SplittableRandom random = new SplittableRandom(17);
  private long parameters;

  Layers(String name) {
    o = new GraphBuilder(new Graph(name, OPSET));
  }

  /** Trainable scalars so far; running statistics not counted. */
  long parameters() {
    return parameters;
  }

  // ---- ResNet-18 (He et al. 2016), frozen batch norm

  /**
   * Image [batch, 3, h, w] to features [batch, 512, h / 32, w / 32]; the last block is {@code
   * last}.
   */
  String resnet18(String image) {
    String x = o.op("Relu", convolution("stem", image, 3, 64, 7, 2));
    x =
        o.node("MaxPool", x)
            .with("kernel_shape", new long[] {3, 3})
            .with("strides", new long[] {2, 2})
            .with("pads", new long[] {1, 1, 1, 1})
            .one();
    int inside = 64;
    for (int stage = 0; stage < 4; stage++) {
      int outside = 64 << stage;
      for (int block = 0; block < 2; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = stage == 3 && block == 1 ? "last" : "resnet." + stage + "." + block;
        x = residual(name, x, inside, outside, stride);
        inside = outside;
      }
    }
    return x;
  }

  private String residual(String name, String x, int inside, int outside, int stride) {
    String y = o.op("Relu", convolution(name + ".1", x, inside, outside, 3, stride));
    y = convolution(name + ".2", y, outside, outside, 3, 1);
    String across =
        inside == outside ? x : convolution(name + ".across", x, inside, outside, 1, stride);
    return o.op("Relu", o.add(y, across));
  }

  private String convolution(
      String name, String x, int inside, int outside, int kernel, int stride) {
    long pad = kernel / 2;
    String y =
        o.node("Conv", x, weight(name + ".conv", outside, inside, kernel, kernel))
            .with("kernel_shape", new long[] {kernel, kernel})
            .with("strides", new long[] {stride, stride})
            .with("pads", new long[] {pad, pad, pad, pad})
            .one();
    return o.node(
            "BatchNormalization",
            y,
            filled(name + ".scale", 1, outside),
            filled(name + ".bias", 0, outside),
            filled(name + ".running_mean", 0, outside),
            filled(name + ".running_var", 1, outside))
        .one();
  }

  // ---- a pre-norm transformer layer

  /** [batch, tokens, width] to the same. */
  String transformer(String name, String x, int tokens, int width, int heads, int hidden) {
    String y = norm(name + ".norm1", x, width);
    int perHead = width / heads;
    String[] parts = new String[3];
    for (int i = 0; i < 3; i++) {
      String part = linear(name + "." + "qkv".charAt(i), y, width, width);
      parts[i] = o.transpose(o.reshape(part, 0, tokens, heads, perHead), 0, 2, 1, 3);
    }
    String scores = o.scale(o.op("MatMul", parts[0], o.swap(parts[1])), 1 / Math.sqrt(perHead));
    String mixed = o.op("MatMul", o.node("Softmax", scores).with("axis", -1L).one(), parts[2]);
    mixed = o.reshape(o.transpose(mixed, 0, 2, 1, 3), 0, tokens, width);
    x = o.add(x, linear(name + ".out", mixed, width, width));
    String up = o.op("Gelu", linear(name + ".up", norm(name + ".norm2", x, width), width, hidden));
    return o.add(x, linear(name + ".down", up, hidden, width));
  }

  String norm(String name, String x, int width) {
    return o.node(
            "LayerNormalization",
            x,
            filled(name + ".weight", 1, width),
            filled(name + ".bias", 0, width))
        .with("axis", -1L)
        .one();
  }

  String linear(String name, String x, int inside, int outside) {
    String y = o.op("MatMul", x, weight(name + ".weight", inside, outside));
    return o.add(y, filled(name + ".bias", 0, outside));
  }

  // ---- weights and data

  /** Normally distributed numbers. */
  static HostTensor noise(SplittableRandom random, long... dims) {
    float[] values = new float[count(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return HostTensor.ofFloats(dims, values);
  }

  private static int count(long... dims) {
    int count = 1;
    for (long dim : dims) {
      count *= (int) dim;
    }
    return count;
  }

  String weight(String name, long... dims) {
    int count = count(dims);
    int inside = (int) (dims.length == 4 ? count / dims[0] : dims[dims.length - 2]);
    float bound = (float) Math.sqrt(3.0 / inside);
    ByteBuffer values = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      values.putFloat(bound * (2 * random.nextFloat() - 1));
    }
    parameters += count;
    return o.initializer(name, HostTensor.of(ElementType.FLOAT32, dims, values.flip()));
  }

  private String filled(String name, float value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    parameters += name.contains(".running_") ? 0 : count;
    return o.initializer(name, HostTensor.ofFloats(new long[] {count}, values));
  }
}
