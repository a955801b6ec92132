package dev.forearm.ros.image;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.forearm.runtime.policy.Source;
import java.lang.foreign.MemorySegment;

/**
 * Which part of a picture goes to which part of a tensor, by {@link Source.Image.Fit}.
 *
 * @param left first column of the picture that is used
 * @param top first row of the picture that is used
 * @param width columns of the picture that are used
 * @param height rows of the picture that are used
 * @param x first column of the tensor that they fill
 * @param y first row of the tensor that they fill
 * @param columns columns of the tensor that they fill
 * @param rows rows of the tensor that they fill
 */
record Placement(int left, int top, int width, int height, int x, int y, int columns, int rows) {

  /** The placement of a picture of this size. Halves are rounded up, odd margins end larger. */
  static Placement of(int width, int height, Source.Image target) {
    return switch (target.fit()) {
      case STRETCH -> new Placement(0, 0, width, height, 0, 0, target.width(), target.height());
      case CROP -> crop(width, height, target);
      case PAD -> pad(width, height, target);
    };
  }

  /** Puts a value where no part of the picture goes, and for that everywhere. */
  void clearAround(Source.Image target, MemorySegment tensor, float value) {
    if (columns < target.width() || rows < target.height()) {
      for (long i = 0; i < tensor.byteSize() / Float.BYTES; i++) {
        tensor.setAtIndex(JAVA_FLOAT, i, value);
      }
    }
  }

  private static Placement crop(int width, int height, Source.Image target) {
    int visibleWidth = scaled(height, target.width(), target.height(), width);
    int visibleHeight = scaled(width, target.height(), target.width(), height);
    return new Placement(
        (width - visibleWidth) / 2,
        (height - visibleHeight) / 2,
        visibleWidth,
        visibleHeight,
        0,
        0,
        target.width(),
        target.height());
  }

  private static Placement pad(int width, int height, Source.Image target) {
    int columns = scaled(target.height(), width, height, target.width());
    int rows = scaled(target.width(), height, width, target.height());
    return new Placement(
        0,
        0,
        width,
        height,
        (target.width() - columns) / 2,
        (target.height() - rows) / 2,
        columns,
        rows);
  }

  /** {@code length * over / under}, to the nearest, at least 1 and at most {@code limit}. */
  private static int scaled(int length, int over, int under, int limit) {
    return Math.clamp(Math.round((double) length * over / under), 1, limit);
  }
}
