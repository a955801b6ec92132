package dev.forearm.ros.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.Image;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFormatTest {
  @ParameterizedTest
  @CsvSource({
    "rgb8, 3, 1",
    "bgra8, 4, 1",
    "mono8, 1, 1",
    "mono16, 1, 2",
    "rgb16, 3, 2",
    "16UC1, 1, 2",
    "32FC1, 1, 4",
    "8UC3, 3, 1",
    "64FC4, 4, 8",
    "bayer_rggb8, 1, 1",
    "bayer_gbrg16, 1, 2",
    "yuv422_yuy2, 2, 1"
  })
  void encodingsHaveTheSizesThatRosGivesThem(String name, int channels, int channelBytes) {
    PixelEncoding encoding = PixelEncoding.named(name).orElseThrow();
    assertEquals(new PixelEncoding(name, channels, channelBytes), encoding);
    assertEquals(channels * channelBytes, encoding.pixelBytes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "96 | 96 | rgb8 | 96 | 9216 | found a step of 96 bytes, wanted 288 at least",
        "96 | 96 | rgb8 | 288 | 27647 | found 27647 bytes of data, wanted step x height = 27648",
        "96 | 96 | rgb8 | 288 | 27649 | found 27649 bytes of data, wanted step x height = 27648",
        "0 | 0 | '' | 0 | 0 | found no pixels",
        "0 | 96 | rgb8 | 0 | 0 | found no pixels",
        "96 | 0 | rgb8 | 288 | 0 | found no pixels",
        "4 | 4 | '' | 12 | 48 | found that encoding, wanted one of sensor_msgs",
        "4 | 4 | RGB8 | 12 | 48 | found that encoding, wanted one of sensor_msgs",
        "4 | 4 | nv21 | 4 | 24 | found that encoding, wanted one of sensor_msgs",
        "4 | 4 | rgb16 | 12 | 48 | found a step of 12 bytes, wanted 24 at least",
        "-1 | 1 | rgb8 | -1 | 3 | image of 4294967295 x 1 pixels of 'rgb8': found a step of",
      })
  void whatIsNoPictureIsRefusedWithTheReason(
      int width, int height, String encoding, int step, int bytes, String reason) {
    RosFault fault =
        assertThrows(
            RosFault.class, () -> ImageFormat.of(image(width, height, encoding, step, bytes)));
    assertTrue(fault.getMessage().contains(reason), fault.getMessage());
  }

  @Test
  void rowsMayBeLongerThanTheirPixels() {
    ImageFormat format = ImageFormat.of(image(95, 2, "bgr8", 288, 576));
    assertEquals(288, format.step());
    assertEquals("bgr8", format.encoding().name());
  }

  @Test
  void anImageThatDiffersInAnythingDoesNotFit() {
    ImageFormat format = ImageFormat.of(image(4, 2, "mono16", 8, 16));
    assertTrue(format.fits(image(4, 2, "mono16", 8, 16)));
    assertFalse(format.fits(image(3, 2, "mono16", 8, 16)));
    assertFalse(format.fits(image(4, 1, "mono16", 8, 16)));
    assertFalse(format.fits(image(4, 2, "16UC1", 8, 16)));
    assertFalse(format.fits(image(4, 2, "mono16", 10, 16)));
    assertFalse(format.fits(image(4, 2, "mono16", 8, 15)));
    ImageView swapped = image(4, 2, "mono16", 8, 16);
    swapped.bigEndian = true;
    assertFalse(format.fits(swapped));
    assertTrue(ImageFormat.of(swapped).bigEndian());
  }

  private static ImageView image(int width, int height, String encoding, int step, int bytes) {
    Image.Buffer image = new Image.Buffer();
    image.width = width;
    image.height = height;
    image.encoding.assign(encoding);
    image.step = step;
    image.data.resize(bytes);
    CdrWriter cdr = new CdrWriter(bytes + 256);
    image.encode(cdr);
    ImageView view = new ImageView();
    view.wrap(cdr.segment().asSlice(0, cdr.length()));
    return view;
  }
}
