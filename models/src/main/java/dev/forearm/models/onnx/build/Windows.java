package dev.forearm.models.onnx.build;

import dev.forearm.models.onnx.Node;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a convolution or pooling window moves: one entry a spatial axis. Made from a node with its
 * defaults filled in and {@code auto_pad} resolved. The arrays belong to it; a rule that owns it
 * may change them.
 */
public final class Windows {
  private final long[] kernel;
  private final long[] strides;
  private final long[] dilations;
  private final long[] pads;

  private Windows(long[] kernel, long[] strides, long[] dilations, long[] pads) {
    this.kernel = kernel;
    this.strides = strides;
    this.dilations = dilations;
    this.pads = pads;
  }

  /** Sizes of the window. */
  public long[] kernel() {
    return kernel;
  }

  /** Steps between windows. */
  public long[] strides() {
    return strides;
  }

  /** Steps between elements of a window. */
  public long[] dilations() {
    return dilations;
  }

  /** Zeros in front of each axis, then behind each axis. */
  public long[] pads() {
    return pads;
  }

  /**
   * Reads the window of a node.
   *
   * @param kernel the window's sizes where a weight gives them, else null for the attribute
   * @param sizes spatial sizes of the input, -1 where unknown; needed for {@code auto_pad} SAME
   * @throws IllegalArgumentException when the attributes do not fit each other
   */
  public static Windows of(Node node, long @Nullable [] kernel, long[] sizes) {
    int n = sizes.length;
    long[] window = kernel == null ? node.integers("kernel_shape") : kernel;
    long[] strides = list(node, "strides", n, 1);
    long[] dilations = list(node, "dilations", n, 1);
    long[] pads = list(node, "pads", 2 * n, 0);
    if (window == null
        || window.length != n
        || strides.length != n
        || dilations.length != n
        || pads.length != 2 * n) {
      throw new IllegalArgumentException(
          "kernel, strides, dilations and pads do not fit " + n + " spatial axes");
    }
    for (int i = 0; i < n; i++) {
      if (strides[i] < 1 || dilations[i] < 1 || window[i] < 1) {
        throw new IllegalArgumentException("kernel, stride or dilation below 1");
      }
    }
    String auto = node.text("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      for (int i = 0; i < n; i++) {
        long reach = dilations[i] * (window[i] - 1) + 1;
        if (sizes[i] < 0 && strides[i] != 1) {
          throw new IllegalArgumentException(
              "auto_pad " + auto + " of a size known only at run time");
        }
        long out = strides[i] == 1 ? sizes[i] : (sizes[i] + strides[i] - 1) / strides[i];
        long total =
            strides[i] == 1 ? reach - 1 : Math.max(0, (out - 1) * strides[i] + reach - sizes[i]);
        pads[i] = auto.equals("SAME_LOWER") ? total - total / 2 : total / 2;
        pads[i + n] = total - pads[i];
      }
    } else if (auto.equals("VALID")) {
      Arrays.fill(pads, 0);
    }
    return new Windows(window, strides, dilations, pads);
  }

  /** Spatial axes. */
  public int axes() {
    return kernel.length;
  }

  /** Elements of the input that one window spans along an axis, gaps of dilation included. */
  public long reach(int axis) {
    return dilations[axis] * (kernel[axis] - 1) + 1;
  }

  /** Windows along an axis over an input of {@code size}. */
  public long count(int axis, long size, boolean ceil) {
    long free = size + pads[axis] + pads[axis + axes()] - reach(axis);
    if (free < 0) {
      throw new IllegalArgumentException("a window of " + reach(axis) + " over a size of " + size);
    }
    long count = free / strides[axis] + 1;
    if (ceil && free % strides[axis] != 0 && count * strides[axis] < size + pads[axis]) {
      count++;
    }
    return count;
  }

  private static long[] list(Node node, String name, int length, long fallback) {
    long[] given = node.integers(name);
    if (given != null) {
      return given;
    }
    long[] filled = new long[length];
    Arrays.fill(filled, fallback);
    return filled;
  }
}
