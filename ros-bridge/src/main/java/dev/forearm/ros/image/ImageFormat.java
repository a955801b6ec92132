package dev.forearm.ros.image;

import dev.forearm.ros.RosFault;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a sensor_msgs/Image lies in its data: rows of {@code step} bytes, of which the first {@code
 * width * pixelBytes} are pixels and the rest is padding. What is in here was checked; nobody has
 * to check it again.
 */
public final class ImageFormat {
  private final int width;
  private final int height;
  private final int step;
  private final PixelEncoding encoding;
  private final boolean bigEndian;
  private final byte[] encodingUtf8;

  private ImageFormat(int width, int height, int step, PixelEncoding encoding, boolean bigEndian) {
    this.width = width;
    this.height = height;
    this.step = step;
    this.encoding = encoding;
    this.bigEndian = bigEndian;
    encodingUtf8 = encoding.name().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the format of an image and checks its data against it.
   *
   * @throws RosFault saying what is wrong, if the image has no pixels, an encoding that is not one
   *     of sensor_msgs/image_encodings.hpp with a fixed size a pixel, rows that are too short for
   *     their pixels, or not as many bytes as its rows
   */
  public static ImageFormat of(ImageView image) {
    long width = Integer.toUnsignedLong(image.width);
    long height = Integer.toUnsignedLong(image.height);
    long step = Integer.toUnsignedLong(image.step);
    String name = image.encoding.toString();
    if (width == 0 || height == 0) {
      throw fault(width, height, name, "no pixels", "a picture; see whether the camera delivers");
    }
    PixelEncoding encoding =
        PixelEncoding.named(name)
            .orElseThrow(() ->
                fault(
                    width,
                    height,
                    name,
                    "that encoding",
                    "one of sensor_msgs/image_encodings.hpp, for example rgb8"));
    long row = width * encoding.pixelBytes();
    if (step < row) {
      throw fault(
          width,
          height,
          name,
          "a step of %s bytes".formatted(step),
          "%s at least, %s a pixel; correct the driver's step or encoding"
              .formatted(row, encoding.pixelBytes()));
    }
    if (image.dataBytes != step * height) {
      throw fault(
          width,
          height,
          name,
          "%s bytes of data".formatted(image.dataBytes),
          "step x height = %s; it was cut short or its header is wrong".formatted(step * height));
    }
    return new ImageFormat(image.width, image.height, image.step, encoding, image.bigEndian);
  }

  /** Rows without padding, little-endian; the format of the picture before if it is the same. */
  static ImageFormat packed(
      @Nullable ImageFormat before, int width, int height, PixelEncoding encoding) {
    return before != null
            && before.width == width
            && before.height == height
            && before.encoding.equals(encoding)
        ? before
        : new ImageFormat(width, height, encoding.pixelBytes() * width, encoding, false);
  }

  private static RosFault fault(
      long width, long height, String encoding, String found, String wanted) {
    return new RosFault(
        "image of %s x %s pixels of '%s': found %s, wanted %s"
            .formatted(width, height, encoding, found, wanted));
  }

  /** Whether an image has this format too, and the data for it. Allocates nothing. */
  public boolean fits(ImageView image) {
    return image.width == width
        && image.height == height
        && image.step == step
        && image.bigEndian == bigEndian
        && image.dataBytes == (long) step * height
        && image.encoding.contentEquals(encodingUtf8);
  }

  /** Pixels in a row, at least 1. */
  public int width() {
    return width;
  }

  /** Rows, at least 1. */
  public int height() {
    return height;
  }

  /** Bytes from one row's start to the next; at least the bytes of its pixels. */
  public int step() {
    return step;
  }

  public PixelEncoding encoding() {
    return encoding;
  }

  /** Whether values of more than one byte have their high byte first. */
  public boolean bigEndian() {
    return bigEndian;
  }

  void requireLittleEndian() {
    if (bigEndian) {
      throw new RosFault(
          "image of '%s': found is_bigendian 1, wanted 0; have the driver send little-endian pixels"
              .formatted(encoding));
    }
  }
}
