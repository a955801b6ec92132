package dev.forearm.viewer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.runtime.clock.MonotonicClock;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CameraFeedTest {
  private final InProcessTransport transport = new InProcessTransport(new MonotonicClock());

  @Test
  void theNewestPictureIsShownOnce() {
    try (CameraFeed feed = new CameraFeed(transport, "/camera")) {
      Publication camera = transport.advertise("/camera", Image.TYPE, Qos.SENSOR_DATA);
      assertNull(feed.poll());
      for (byte shade = 1; shade <= 7; shade++) {
        publish(camera, picture("rgb8", 2, 1, 6, shade, shade, shade, shade, shade, shade));
      }
      CameraImage image = Objects.requireNonNull(feed.poll());
      assertArrayEquals(new byte[] {7, 7, 7, 7, 7, 7}, Arrays.copyOf(image.rgb(), 6));
      assertNull(feed.poll());
    }
  }

  @Test
  void rowsLoseTheirPaddingAndBlueAndRedChangePlaces() {
    CameraImage image = new CameraImage();
    image.take(picture("bgr8", 1, 2, 4, 1, 2, 3, 0, 4, 5, 6, 0));
    assertEquals(1, image.width());
    assertEquals(2, image.height());
    assertArrayEquals(new byte[] {3, 2, 1, 6, 5, 4}, Arrays.copyOf(image.rgb(), 6));
  }

  @Test
  void greyBecomesGreyAndOpacityIsDropped() {
    CameraImage image = new CameraImage();
    image.take(picture("mono8", 2, 1, 2, 8, 9));
    assertArrayEquals(new byte[] {8, 8, 8, 9, 9, 9}, Arrays.copyOf(image.rgb(), 6));
    image.take(picture("rgba8", 1, 1, 4, 1, 2, 3, 99));
    assertArrayEquals(new byte[] {1, 2, 3}, Arrays.copyOf(image.rgb(), 3));
  }

  @Test
  void aTruncatedPictureIsRefused() {
    RosFault fault =
        assertThrows(
            RosFault.class, () -> new CameraImage().take(picture("rgb8", 2, 1, 6, 1, 2, 3)));
    assertEquals(
        "drawing an image: found 2 x 1 pixels, 6 bytes a row and 3 bytes of rgb8; wanted rows that fit",
        fault.getMessage());
  }

  @Test
  void anUnknownEncodingIsRefusedByName() {
    RosFault fault =
        assertThrows(
            RosFault.class, () -> new CameraImage().take(picture("bayer_rggb8", 1, 1, 1, 1)));
    assertEquals(
        "drawing an image: found encoding 'bayer_rggb8', wanted rgb8, bgr8, rgba8 or mono8",
        fault.getMessage());
  }

  static Image.Buffer picture(String encoding, int width, int height, int step, int... data) {
    Image.Buffer message = new Image.Buffer();
    message.encoding.assign(encoding);
    message.width = width;
    message.height = height;
    message.step = step;
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      bytes[i] = (byte) data[i];
    }
    message.data.assign(bytes, bytes.length);
    return message;
  }

  static void publish(Publication camera, Image.Buffer message) {
    CdrWriter writer = new CdrWriter(1024);
    message.encode(writer);
    camera.publish(writer);
  }
}
