package dev.forearm.ros.image;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one pixel is stored, by the names of sensor_msgs/image_encodings.hpp.
 *
 * @param name for example {@code rgb8}, {@code 16UC1}
 * @param channels values a pixel
 * @param channelBytes bytes a value; from 2 on their order matters
 */
public record PixelEncoding(String name, int channels, int channelBytes) {
  /** The ways of sensor_msgs/image_encodings.hpp to name OpenCV's types: bits, kind, channels. */
  private static final Pattern OPENCV = Pattern.compile("(8U|8S|16U|16S|32S|32F|64F)C([1-4])");

  private static final Map<String, Integer> CHANNELS =
      Map.of("rgb", 3, "bgr", 3, "rgba", 4, "bgra", 4, "mono", 1);

  private static final Pattern NAMED = Pattern.compile("(rgba?|bgra?|mono)(8|16)");
  private static final Pattern BAYER = Pattern.compile("bayer_(rggb|bggr|gbrg|grbg)(8|16)");

  /** Two pixels share their colour, two bytes a pixel on the whole. */
  private static final Pattern YUV422 = Pattern.compile("yuv422|yuv422_yuy2|uyvy|yuyv");

  /** The encoding of that name; empty if there is none of a fixed size a pixel. */
  public static Optional<PixelEncoding> named(String name) {
    Matcher named = NAMED.matcher(name);
    if (named.matches()) {
      int channels = CHANNELS.getOrDefault(named.group(1), 0);
      return of(name, channels, Integer.parseInt(named.group(2)));
    }
    Matcher bayer = BAYER.matcher(name);
    if (bayer.matches()) {
      return of(name, 1, Integer.parseInt(bayer.group(2)));
    }
    Matcher type = OPENCV.matcher(name);
    if (type.matches()) {
      String bits = type.group(1).substring(0, type.group(1).length() - 1);
      return of(name, Integer.parseInt(type.group(2)), Integer.parseInt(bits));
    }
    return YUV422.matcher(name).matches() ? of(name, 2, Byte.SIZE) : Optional.empty();
  }

  private static Optional<PixelEncoding> of(String name, int channels, int bits) {
    return Optional.of(new PixelEncoding(name, channels, bits / Byte.SIZE));
  }

  /** Bytes a pixel takes. */
  public int pixelBytes() {
    return channels * channelBytes;
  }

  @Override
  public String toString() {
    return name;
  }
}
