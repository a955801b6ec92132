package dev.forearm.ros.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.runtime.policy.Source;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PixelConversionTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final float TOLERANCE = 2e-5f; // of the range: float32 in another order

  /** One picture and the tensor that the exporter makes of it. */
  record Golden(String name, int width, int height, Source.ColourImage target) {
    static Golden parse(String line) {
      String[] word = line.split(" ", -1);
      return new Golden(
          word[0],
          Integer.parseInt(word[1]),
          Integer.parseInt(word[2]),
          new Source.ColourImage(
              "/camera",
              Source.ColourImage.Channels.valueOf(word[3].toUpperCase(Locale.ROOT)),
              Integer.parseInt(word[4]),
              Integer.parseInt(word[5]),
              Source.Image.Fit.valueOf(word[6].toUpperCase(Locale.ROOT)),
              Float.parseFloat(word[7]),
              Float.parseFloat(word[8])));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Golden> goldens() throws IOException {
    return new String(resource("cases.txt"), StandardCharsets.UTF_8).lines().map(Golden::parse);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void tensorsEqualThoseOfTheExporter(Golden golden) throws IOException {
    Image.Buffer image = picture("rgb8", golden.width(), golden.height(), List.of(0, 1, 2), 3, 0);
    ByteBuffer wanted = ByteBuffer.wrap(resource(golden.name() + ".tensor"));
    wanted.order(ByteOrder.LITTLE_ENDIAN);
    float[] found = convert(golden.target(), image);
    float range = golden.target().max() - golden.target().min();
    assertEquals(wanted.remaining(), found.length * Float.BYTES);
    for (int i = 0; i < found.length; i++) {
      assertEquals(wanted.getFloat(), found[i], TOLERANCE * range, "value " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"bgr8, 3, 210", "rgba8, 4, 012", "bgra8, 4, 210"})
  void everyOrderOfColoursGivesTheSameTensor(String encoding, int bytes, String order) {
    Source.ColourImage target = target(Source.ColourImage.Channels.RGB, 7, 5);
    float[] wanted = convert(target, picture("rgb8", 20, 11, List.of(0, 1, 2), 3, 0));
    List<Integer> places = order.chars().mapToObj(c -> c - '0').toList();
    assertArrayEquals(wanted, convert(target, picture(encoding, 20, 11, places, bytes, 0)));
  }

  @Test
  void paddingAtTheEndOfRowsIsNoPicture() {
    Source.ColourImage target = target(Source.ColourImage.Channels.RGB, 7, 5);
    float[] wanted = convert(target, picture("rgb8", 20, 11, List.of(0, 1, 2), 3, 0));
    assertArrayEquals(wanted, convert(target, picture("rgb8", 20, 11, List.of(0, 1, 2), 3, 13)));
  }

  @Test
  void greyIsTheSameInEveryChannel() {
    Image.Buffer image = picture("mono8", 2, 1, List.of(0), 1, 0);
    float[] wanted = {0, 7, 0, 7, 0, 7};
    Source.ColourImage levels =
        new Source.ColourImage(
            "/camera", Source.ColourImage.Channels.RGB, 2, 1, Source.Image.Fit.CROP, 0, 255);
    assertArrayEquals(wanted, convert(levels, image), 1e-4f);
  }

  @Test
  void bigEndianPixelsAreRefusedByName() {
    Image.Buffer image = picture("rgb8", 4, 4, List.of(0, 1, 2), 3, 0);
    image.isBigendian = 1;
    RosFault fault =
        assertThrows(
            RosFault.class, () -> convert(target(Source.ColourImage.Channels.RGB, 4, 4), image));
    assertTrue(fault.getMessage().contains("found is_bigendian 1, wanted 0"), fault.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"mono16, 2", "32FC1, 4", "bayer_rggb8, 1", "yuv422_yuy2, 2"})
  void otherEncodingsAreRefusedByName(String encoding, int bytes) {
    Image.Buffer image = picture(encoding, 4, 4, List.of(0), bytes, 0);
    RosFault fault =
        assertThrows(
            RosFault.class, () -> convert(target(Source.ColourImage.Channels.RGB, 4, 4), image));
    assertTrue(fault.getMessage().startsWith("image of '" + encoding), fault.getMessage());
  }

  @Test
  void picturesOfOneFormatCostNoMemory() {
    ImageView view = view(picture("bgr8", 160, 120, List.of(2, 1, 0), 3, 0));
    MemorySegment cdr = encoded(picture("bgr8", 160, 120, List.of(2, 1, 0), 3, 0));
    ImageFormat format = ImageFormat.of(view);
    PixelConversion conversion =
        new PixelConversion(target(Source.ColourImage.Channels.RGB, 24, 24));
    long least = Long.MAX_VALUE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tensor = arena.allocate(ValueLayout.JAVA_FLOAT, 3 * 24 * 24);
      for (int round = 0; round < 50; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50; i++) {
          view.wrap(cdr);
          assertTrue(format.fits(view));
          conversion.convert(format, cdr, view.dataOffset(), tensor);
        }
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertEquals(0, least);
  }

  static Source.ColourImage target(Source.ColourImage.Channels channels, int width, int height) {
    return new Source.ColourImage("/camera", channels, width, height, Source.Image.Fit.CROP, 0, 1);
  }

  private static float[] convert(Source.ColourImage target, Image.Buffer image) {
    MemorySegment cdr = encoded(image);
    ImageView view = view(image);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tensor =
          arena.allocate(
              ValueLayout.JAVA_FLOAT,
              (long) target.channelCount() * target.width() * target.height());
      new PixelConversion(target).convert(ImageFormat.of(view), cdr, view.dataOffset(), tensor);
      return tensor.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** The exporter's painting; channel c of a pixel stands at {@code places[c]}. */
  private static Image.Buffer picture(
      String encoding, int width, int height, List<Integer> places, int pixelBytes, int padding) {
    Image.Buffer image = new Image.Buffer();
    image.width = width;
    image.height = height;
    image.encoding.assign(encoding);
    image.step = width * pixelBytes + padding;
    byte[] data = new byte[image.step * height];
    Arrays.fill(data, (byte) 0xa5);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < places.size(); c++) {
          data[y * image.step + x * pixelBytes + places.get(c)] =
              (byte) (7 * x + 13 * y + 31 * c + x * y);
        }
      }
    }
    image.data.assign(data, data.length);
    return image;
  }

  private static MemorySegment encoded(Image.Buffer image) {
    CdrWriter writer = new CdrWriter(image.data.size() + 256);
    image.encode(writer);
    return writer.segment().asSlice(0, writer.length());
  }

  private static ImageView view(Image.Buffer image) {
    ImageView view = new ImageView();
    view.wrap(encoded(image));
    return view;
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream stream = PixelConversionTest.class.getResourceAsStream("/images/" + name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    }
  }
}
