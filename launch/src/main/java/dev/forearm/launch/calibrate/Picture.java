package dev.forearm.launch.calibrate;

import boofcv.struct.image.GrayF32;
import dev.forearm.launch.LaunchFailure;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/**
 * A picture in grey and how the arm stood.
 *
 * @param name for messages
 * @param gray 0 to 255
 * @param joints as read, in command order; empty where nobody told
 */
@SuppressWarnings("ArrayRecordComponent") // read and never compared
record Picture(String name, GrayF32 gray, double[] joints) {
  /** From a PNG or JPEG. */
  static GrayF32 decode(String name, byte[] bytes) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      if (image == null) {
        throw new LaunchFailure(
            "picture %s: neither a PNG nor a JPEG; leave it out".formatted(name));
      }
      GrayF32 gray = new GrayF32(image.getWidth(), image.getHeight());
      for (int y = 0; y < gray.height; y++) {
        for (int x = 0; x < gray.width; x++) {
          int rgb = image.getRGB(x, y);
          gray.set(x, y, luma((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255));
        }
      }
      return gray;
    } catch (IOException e) {
      throw new LaunchFailure("picture %s: %s; leave it out".formatted(name, e.getMessage()), e);
    }
  }

  /** From the rows of a ROS image. */
  static GrayF32 decode(
      String name, int width, int height, int step, String encoding, byte[] data) {
    int pixelBytes =
        switch (encoding) {
          case "mono8", "8UC1" -> 1;
          case "rgb8", "bgr8", "8UC3" -> 3;
          case "rgba8", "bgra8" -> 4;
          default ->
              throw new LaunchFailure(
                  "picture %s: found encoding '%s', wanted mono8, rgb8, bgr8, rgba8 or bgra8"
                      .formatted(name, encoding));
        };
    boolean blueFirst = encoding.startsWith("bgr") || encoding.equals("8UC3");
    GrayF32 gray = new GrayF32(width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * step + x * pixelBytes;
        if (pixelBytes == 1) {
          gray.set(x, y, data[at] & 255);
        } else {
          int first = data[at] & 255;
          int last = data[at + 2] & 255;
          gray.set(
              x, y, luma(blueFirst ? last : first, data[at + 1] & 255, blueFirst ? first : last));
        }
      }
    }
    return gray;
  }

  /** ITU-R BT.601. */
  private static float luma(int red, int green, int blue) {
    return 0.299f * red + 0.587f * green + 0.114f * blue;
  }
}
