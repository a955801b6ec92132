package dev.forearm.ros.image;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.policy.Source;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Depth as REP 118 has it, 16UC1 in millimetres or 32FC1 in metres, becomes metres: crop or pad,
 * the nearest pixel, then near, far and what stands for no reading. Of a value of the tensor the
 * pixel is that in which the value's middle lies, as of OpenCV's INTER_NEAREST_EXACT.
 */
public final class DepthConversion extends ImageConversion {
  private static final float MILLIMETRES_PER_METRE = 1000;
  private static final ValueLayout.OfShort MILLIMETRES =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat METRES =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Source.DepthImage target;

  public DepthConversion(Source.DepthImage target) {
    this.target = target;
  }

  @Override
  Plan plan(ImageFormat format) {
    return new DepthPlan(format, target);
  }

  private static final class DepthPlan implements Plan {
    final Source.DepthImage target;
    final Placement placement;
    final boolean inMillimetres;
    final long[] rows; // where the picture's row for each of the tensor's starts, bytes
    final long[] columns; // where in a row the pixel for each column is, bytes

    DepthPlan(ImageFormat format, Source.DepthImage target) {
      this.target = target;
      format.requireLittleEndian();
      String encoding = format.encoding().name();
      inMillimetres =
          switch (encoding) {
            case "16UC1" -> true;
            case "32FC1" -> false;
            default ->
                throw new RosFault(
                    "image of '%s': found no depth to convert, wanted 16UC1 in millimetres or 32FC1 in metres; name a topic of the depth camera or set its driver's encoding"
                        .formatted(encoding));
          };
      placement = Placement.of(format.width(), format.height(), target);
      rows = nearest(placement.top(), placement.height(), placement.rows(), format.step());
      columns =
          nearest(
              placement.left(),
              placement.width(),
              placement.columns(),
              format.encoding().pixelBytes());
    }

    private static long[] nearest(int first, int in, int out, int bytes) {
      long[] places = new long[out];
      for (int i = 0; i < out; i++) {
        places[i] = (first + (2L * i + 1) * in / (2L * out)) * bytes;
      }
      return places;
    }

    @Override
    public void run(MemorySegment memory, long offset, MemorySegment tensor) {
      placement.clearAround(target, tensor, target.invalid());
      for (int y = 0; y < rows.length; y++) {
        long from = offset + rows[y];
        long at = (long) (placement.y() + y) * target.width() + placement.x();
        for (int x = 0; x < columns.length; x++) {
          tensor.setAtIndex(JAVA_FLOAT, at + x, seen(metres(memory, from + columns[x])));
        }
      }
    }

    private float metres(MemorySegment memory, long at) {
      return inMillimetres
          ? Short.toUnsignedInt(memory.get(MILLIMETRES, at)) / MILLIMETRES_PER_METRE
          : memory.get(METRES, at);
    }

    private float seen(float metres) {
      return metres > 0 && metres < Float.POSITIVE_INFINITY // not NaN
          ? Math.clamp(metres, target.near(), target.far())
          : target.invalid();
    }
  }
}
