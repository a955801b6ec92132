package dev.forearm.launch.capture;

import boofcv.struct.image.GrayF32;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import dev.forearm.ros.msg.sensor_msgs.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import javax.imageio.ImageIO;

/**
 * A picture in grey and how the arm stood.
 *
 * @param name for messages
 * @param gray 0 to 255
 * @param joints as read, in command order; empty where nobody told
 */
@SuppressWarnings("ArrayRecordComponent") // read and never compared
public record Picture(String name, GrayF32 gray, double[] joints) {
  /** From a PNG or JPEG. */
  static GrayF32 decode(String name, byte[] bytes) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      if (image == null) {
        throw new LaunchFailure(
            "picture %s: neither a PNG nor a JPEG; leave it out".formatted(name));
      }
      GrayF32 gray = new GrayF32(image.getWidth(), image.getHeight());
      boolean isGray = image.getType() == BufferedImage.TYPE_BYTE_GRAY; // getRGB would lighten it
      for (int y = 0; y < gray.height; y++) {
        for (int x = 0; x < gray.width; x++) {
          if (isGray) {
            gray.set(x, y, image.getRaster().getSample(x, y, 0));
          } else {
            int rgb = image.getRGB(x, y);
            gray.set(x, y, luma((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255));
          }
        }
      }
      return gray;
    } catch (IOException e) {
      throw new LaunchFailure("picture %s: %s; leave it out".formatted(name, e.getMessage()), e);
    }
  }

  /** As a PNG, to be read back as it is, each value rounded. */
  static byte[] png(GrayF32 gray) throws IOException {
    BufferedImage image = new BufferedImage(gray.width, gray.height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < gray.height; y++) {
      for (int x = 0; x < gray.width; x++) {
        image.getRaster().setSample(x, y, 0, Math.clamp(Math.round(gray.get(x, y)), 0, 255));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IllegalStateException("every Java platform writes PNG");
    }
    return bytes.toByteArray();
  }

  /** Whether a topic's images are compressed: told by its name, as image_transport gives it. */
  public static boolean isCompressed(String topic) {
    return topic.endsWith("/compressed");
  }

  /** What the images of a topic are. */
  public static MessageType typeOn(String topic) {
    return isCompressed(topic) ? CompressedImage.TYPE : Image.TYPE;
  }

  /**
   * From a message, raw or compressed.
   *
   * @param topic its topic
   * @throws LaunchFailure if it is no picture that can be read
   */
  public static GrayF32 decode(String topic, MemorySegment cdr) {
    if (isCompressed(topic)) {
      return decode(topic, CompressedImage.decode(cdr).data());
    }
    Image image = Image.decode(cdr);
    return decode(
        topic, image.width(), image.height(), image.step(), image.encoding(), image.data());
  }

  /** From the rows of a ROS image. */
  private static GrayF32 decode(
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
