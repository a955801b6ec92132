package dev.forearm.ros.image;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.policy.Source;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Colours, rgb8, bgr8, rgba8, bgra8 or mono8, become levels: crop or pad, resize ({@link Axis}),
 * order of channels, range. Of a picture it holds one row. Grey is ITU-R BT.601's luma, .299 R +
 * .587 G + .114 B; opacity is left out.
 */
public final class PixelConversion extends ImageConversion {
  private static final float WHITE = 255;
  private static final float[] LUMA = {.299f, .587f, .114f};

  private final Source.ColourImage target;

  public PixelConversion(Source.ColourImage target) {
    this.target = target;
  }

  @Override
  Plan plan(ImageFormat format) {
    return new PixelPlan(format, target);
  }

  private static final class PixelPlan implements Plan {
    final Source.ColourImage target;
    final Placement placement;
    final Axis columns;
    final Axis rows;
    final float[] row; // pixels of the picture's visible columns, as they are stored
    final float[] line = new float[3]; // a pixel's red, green and blue
    final int pixelBytes;
    final long rowBytes;
    final int red;
    final int green;
    final int blue;

    PixelPlan(ImageFormat format, Source.ColourImage target) {
      this.target = target;
      String encoding = format.encoding().name();
      format.requireLittleEndian();
      red =
          switch (encoding) {
            case "rgb8", "rgba8", "mono8" -> 0;
            case "bgr8", "bgra8" -> 2;
            default ->
                throw new RosFault(
                    "image of '%s': found no colours to convert, wanted rgb8, bgr8, rgba8, bgra8 or mono8; set the driver's encoding"
                        .formatted(encoding));
          };
      pixelBytes = format.encoding().pixelBytes();
      rowBytes = format.step();
      green = pixelBytes == 1 ? 0 : 1;
      blue = pixelBytes == 1 ? 0 : 2 - red;
      placement = Placement.of(format.width(), format.height(), target);
      columns = new Axis(placement.width(), placement.columns());
      rows = new Axis(placement.height(), placement.rows());
      row = new float[placement.width() * pixelBytes];
    }

    @Override
    public void run(MemorySegment memory, long offset, MemorySegment tensor) {
      placement.clearAround(target, tensor, target.min());
      long start = offset + placement.top() * rowBytes;
      start += (long) placement.left() * pixelBytes;
      for (int y = 0; y < rows.length(); y++) {
        blendRows(memory, start, y);
        writeRow(tensor, y);
      }
    }

    private void blendRows(MemorySegment memory, long start, int y) {
      Arrays.fill(row, 0);
      float[] weights = rows.weights(y);
      for (int k = 0; k < weights.length; k++) {
        float weight = weights[k];
        if (weight != 0) {
          long from = start + (rows.first(y) + k) * rowBytes;
          for (int i = 0; i < row.length; i++) {
            row[i] += weight * (memory.get(JAVA_BYTE, from + i) & 0xff);
          }
        }
      }
    }

    private void writeRow(MemorySegment tensor, int y) {
      long at = (long) (placement.y() + y) * target.width() + placement.x();
      for (int x = 0; x < columns.length(); x++) {
        blendColumns(x);
        write(tensor, at + x);
      }
    }

    private void blendColumns(int x) {
      float[] weights = columns.weights(x);
      int from = columns.first(x) * pixelBytes;
      float r = 0;
      float g = 0;
      float b = 0;
      for (float weight : weights) {
        r += weight * row[from + red];
        g += weight * row[from + green];
        b += weight * row[from + blue];
        from += pixelBytes;
      }
      line[0] = r;
      line[1] = g;
      line[2] = b;
    }

    private void write(MemorySegment tensor, long at) {
      long plane = (long) target.height() * target.width();
      switch (target.channels()) {
        case RGB -> {
          put(tensor, at, line[0]);
          put(tensor, at + plane, line[1]);
          put(tensor, at + 2 * plane, line[2]);
        }
        case BGR -> {
          put(tensor, at, line[2]);
          put(tensor, at + plane, line[1]);
          put(tensor, at + 2 * plane, line[0]);
        }
        case GREY -> put(tensor, at, LUMA[0] * line[0] + LUMA[1] * line[1] + LUMA[2] * line[2]);
      }
    }

    private void put(MemorySegment tensor, long at, float level) {
      float value = target.min() + level * ((target.max() - target.min()) / WHITE);
      tensor.setAtIndex(JAVA_FLOAT, at, value);
    }
  }
}
