package dev.forearm.datasets;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.forearm.ros.image.CompressedPicture;
import dev.forearm.ros.image.ImageFormat;
import dev.forearm.ros.image.ImageView;
import dev.forearm.ros.image.PixelConversion;
import dev.forearm.runtime.policy.Source;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** One camera's picture as it was recorded; decoded when somebody looks. One thread's. */
public final class Picture {
  private final String topic;
  private final MemorySegment cdr;
  private byte @Nullable [] rgb;
  private int width;
  private int height;

  /**
   * @param topic ends in {@code /compressed} where {@code cdr} is a sensor_msgs/CompressedImage
   * @param cdr the message, kept
   */
  Picture(String topic, MemorySegment cdr) {
    this.topic = topic;
    this.cdr = cdr;
  }

  /**
   * Its pixels, [row][column][red, green, blue].
   *
   * @throws dev.forearm.ros.RosFault if it is damaged or has no colours
   */
  public byte[] rgb() {
    byte[] known = rgb;
    if (known != null) {
      return known;
    }
    byte[] decoded;
    if (topic.endsWith("/compressed")) {
      try (CompressedPicture picture = new CompressedPicture()) {
        picture.decode(cdr);
        decoded = converted(picture.format(), picture.pixels(), 0);
      }
    } else {
      ImageView view = new ImageView();
      view.wrap(cdr);
      decoded = converted(ImageFormat.of(view), cdr, view.dataOffset());
    }
    rgb = decoded;
    return decoded;
  }

  /** Columns; known once somebody looked. */
  public int width() {
    rgb();
    return width;
  }

  /** Rows; known once somebody looked. */
  public int height() {
    rgb();
    return height;
  }

  private byte[] converted(ImageFormat format, MemorySegment memory, long offset) {
    width = format.width();
    height = format.height();
    Source.ColourImage whole =
        new Source.ColourImage(
            topic,
            Source.ColourImage.Channels.RGB,
            width,
            height,
            Source.Image.Fit.STRETCH,
            0,
            255);
    int plane = width * height;
    byte[] pixels = new byte[3 * plane];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tensor = arena.allocate(JAVA_FLOAT, 3L * plane);
      new PixelConversion(whole).convert(format, memory, offset, tensor);
      for (int i = 0; i < plane; i++) {
        for (int channel = 0; channel < 3; channel++) {
          long from = (long) channel * plane + i;
          pixels[3 * i + channel] = (byte) Math.round(tensor.getAtIndex(JAVA_FLOAT, from));
        }
      }
    }
    return pixels;
  }
}
