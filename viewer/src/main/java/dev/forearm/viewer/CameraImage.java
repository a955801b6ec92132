package dev.forearm.viewer;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.image.ImageFormat;
import dev.forearm.ros.msg.sensor_msgs.Image;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One picture as a texture wants it: rgb, rows from the top, no padding. Reused. */
final class CameraImage {
  private static final int LARGEST_SIDE = 8192;

  private byte[] rgb = new byte[0];
  private int width;
  private int height;

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** At least 3 * width * height bytes. */
  byte[] rgb() {
    return rgb;
  }

  /**
   * Takes over a message.
   *
   * @throws RosFault if it is of an encoding that is not drawn, or shorter than its header says
   */
  void take(Image.Buffer message) {
    String encoding = message.encoding.toString();
    int channels = channels(encoding);
    long columns = Integer.toUnsignedLong(message.width);
    long rows = Integer.toUnsignedLong(message.height);
    long step = Integer.toUnsignedLong(message.step);
    if (columns == 0
        || rows == 0
        || columns > LARGEST_SIDE
        || rows > LARGEST_SIDE
        || step < columns * channels
        || step * rows > message.data.size()) {
      throw new RosFault(
          "drawing an image: found %s x %s pixels, %s bytes a row and %s bytes of %s; wanted rows that fit"
              .formatted(columns, rows, step, message.data.size(), encoding));
    }
    resize((int) columns, (int) rows);
    copy(message.data.values(), (int) step, channels, encoding.equals("bgr8"));
  }

  /** Takes over a picture of rgb8. */
  void take(ImageFormat format, MemorySegment pixels) {
    resize(format.width(), format.height());
    MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, 0, rgb, 0, 3 * width * height);
  }

  private void resize(int columns, int rows) {
    width = columns;
    height = rows;
    if (rgb.length < 3 * width * height) {
      rgb = new byte[3 * width * height];
    }
  }

  private void copy(byte[] from, int step, int channels, boolean swapped) {
    int to = 0;
    for (int y = 0; y < height; y++) {
      int at = y * step;
      for (int x = 0; x < width; x++, at += channels) {
        rgb[to++] = from[channels == 1 ? at : swapped ? at + 2 : at];
        rgb[to++] = from[channels == 1 ? at : at + 1];
        rgb[to++] = from[channels == 1 ? at : swapped ? at : at + 2];
      }
    }
  }

  private static int channels(String encoding) {
    return switch (encoding) {
      case "rgb8", "bgr8" -> 3;
      case "rgba8" -> 4;
      case "mono8" -> 1;
      default ->
          throw new RosFault(
              "drawing an image: found encoding '%s', wanted rgb8, bgr8, rgba8 or mono8"
                  .formatted(encoding));
    };
  }
}
