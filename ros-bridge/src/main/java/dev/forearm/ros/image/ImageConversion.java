package dev.forearm.ros.image;

import dev.forearm.ros.RosFault;
import dev.forearm.runtime.policy.Source;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Turns the pictures of one camera into a policy's tensor [1, channel, height, width] in one go.
 * Reads a picture where it lies and writes the tensor where it is used. Owned by one thread;
 * allocates nothing while the pictures keep their format.
 */
public abstract sealed class ImageConversion permits PixelConversion, DepthConversion {
  private @Nullable ImageFormat format; // that the plan is for
  private @Nullable Plan plan;

  /** Everything that depends on a format alone. */
  interface Plan {
    void run(MemorySegment memory, long offset, MemorySegment tensor);
  }

  /** The conversion into a tensor. */
  public static ImageConversion to(Source.Image target) {
    return switch (target) {
      case Source.ColourImage colours -> new PixelConversion(colours);
      case Source.DepthImage depth -> new DepthConversion(depth);
    };
  }

  /**
   * Converts one picture.
   *
   * @param format of the picture
   * @param memory holds the picture's rows
   * @param offset where the first row starts, bytes
   * @param tensor receives the tensor, float32 in native order
   * @throws RosFault if the picture's encoding is none that the tensor can be made of, or its
   *     header says that it is big-endian
   */
  public final void convert(
      ImageFormat format, MemorySegment memory, long offset, MemorySegment tensor) {
    Plan ready = plan;
    if (ready == null || this.format != format) {
      ready = plan(format);
      plan = ready;
      this.format = format;
    }
    ready.run(memory, offset, tensor);
  }

  /**
   * Makes a plan.
   *
   * @throws RosFault as {@link #convert} says
   */
  abstract Plan plan(ImageFormat format);
}
