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
import dev.forearm.runtime.policy.Source.Image.Fit;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DepthConversionTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** One picture and the tensor that the exporter makes of it. */
  record Golden(String name, int width, int height, Source.DepthImage target) {
    static Golden parse(String line) {
      String[] word = line.split(" ", -1);
      return new Golden(
          word[0],
          Integer.parseInt(word[1]),
          Integer.parseInt(word[2]),
          new Source.DepthImage(
              "/depth",
              Integer.parseInt(word[3]),
              Integer.parseInt(word[4]),
              Fit.valueOf(word[5].toUpperCase(Locale.ROOT)),
              Float.parseFloat(word[6]),
              Float.parseFloat(word[7]),
              Float.parseFloat(word[8])));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Golden> goldens() throws IOException {
    byte[] cases = PixelConversionTest.resource("depth_cases.txt");
    return new String(cases, StandardCharsets.UTF_8).lines().map(Golden::parse);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void tensorsOfMillimetresAndOfMetresEqualThoseOfTheExporter(Golden golden) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(PixelConversionTest.resource(golden.name() + ".tensor"));
    float[] wanted = new float[golden.target().width(0)];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(wanted);
    int width = golden.width();
    int[] millimetres = painted(width, golden.height());
    assertArrayEquals(wanted, convert(golden.target(), inMillimetres(width, 5, millimetres)));
    float[] metres = new float[millimetres.length];
    for (int i = 0; i < metres.length; i++) {
      metres[i] = millimetres[i] == 0 ? Float.NaN : millimetres[i] / 1000f;
    }
    assertArrayEquals(wanted, convert(golden.target(), inMetres(width, 3, metres)));
  }

  @Test
  void whereNothingWasReadTheTensorHasWhatTheBundleSays() {
    float[] readings = {
      0, -0f, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.2f, 0.7f, 9
    };
    float[] wanted = {-3, -3, -3, -3, -3, -3, 0.3f, 0.7f, 2};
    Source.DepthImage target =
        new Source.DepthImage("/depth", readings.length, 1, Fit.CROP, 0.3f, 2, -3);
    assertArrayEquals(wanted, convert(target, inMetres(readings.length, 0, readings)));
  }

  @ParameterizedTest
  @CsvSource({"mono16, 2", "16SC1, 2", "16UC3, 6", "32FC2, 8", "64FC1, 8", "rgb8, 3"})
  void otherEncodingsAreRefusedByName(String encoding, int pixelBytes) {
    Image.Buffer image = image(encoding, 4, pixelBytes, 0, new byte[16 * pixelBytes]);
    RosFault fault = assertThrows(RosFault.class, () -> convert(target(4, 4), image));
    assertEquals(
        "image of '%s': found no depth to convert, wanted 16UC1 in millimetres or 32FC1 in metres; name a topic of the depth camera or set its driver's encoding"
            .formatted(encoding),
        fault.getMessage());
  }

  @Test
  void bigEndianDepthIsRefusedByName() {
    Image.Buffer image = inMillimetres(4, 0, painted(4, 4));
    image.isBigendian = 1;
    RosFault fault = assertThrows(RosFault.class, () -> convert(target(4, 4), image));
    assertTrue(fault.getMessage().contains("found is_bigendian 1, wanted 0"), fault.getMessage());
  }

  @Test
  void picturesOfOneFormatCostNoMemory() {
    MemorySegment cdr = encoded(inMillimetres(160, 0, painted(160, 120)));
    ImageView view = new ImageView();
    view.wrap(cdr);
    ImageFormat format = ImageFormat.of(view);
    ImageConversion conversion = ImageConversion.to(target(24, 24));
    long least = Long.MAX_VALUE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tensor = arena.allocate(ValueLayout.JAVA_FLOAT, 24 * 24);
      for (int round = 0; round < 50; round++) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50; i++) {
          conversion.convert(format, cdr, view.dataOffset(), tensor);
        }
        least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertEquals(0, least);
  }

  private static Source.DepthImage target(int width, int height) {
    return new Source.DepthImage("/depth", width, height, Fit.CROP, 0.3f, 2, 0);
  }

  private static float[] convert(Source.DepthImage target, Image.Buffer image) {
    MemorySegment cdr = encoded(image);
    ImageView view = new ImageView();
    view.wrap(cdr);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment tensor = arena.allocate(ValueLayout.JAVA_FLOAT, target.width(0));
      ImageConversion.to(target).convert(ImageFormat.of(view), cdr, view.dataOffset(), tensor);
      return tensor.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** The exporter's painting: millimetres, every seventh none. */
  static int[] painted(int width, int height) {
    int[] millimetres = new int[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        millimetres[y * width + x] =
            (x + 3 * y) % 7 == 0 ? 0 : (41 * x + 97 * y + x * y) % 3000 + 1;
      }
    }
    return millimetres;
  }

  private static Image.Buffer inMillimetres(int width, int padding, int[] millimetres) {
    ByteBuffer data = ByteBuffer.allocate(Short.BYTES * millimetres.length);
    data.order(ByteOrder.LITTLE_ENDIAN);
    for (int each : millimetres) {
      data.putShort((short) each);
    }
    return image("16UC1", width, Short.BYTES, padding, data.array());
  }

  private static Image.Buffer inMetres(int width, int padding, float[] metres) {
    ByteBuffer data = ByteBuffer.allocate(Float.BYTES * metres.length);
    data.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(metres);
    return image("32FC1", width, Float.BYTES, padding, data.array());
  }

  /**
   * @param padding bytes behind each row
   */
  private static Image.Buffer image(
      String encoding, int width, int pixelBytes, int padding, byte[] pixels) {
    int row = width * pixelBytes;
    Image.Buffer image = new Image.Buffer();
    image.width = width;
    image.height = pixels.length / row;
    image.encoding.assign(encoding);
    image.step = row + padding;
    image.data.resize(image.step * image.height);
    for (int y = 0; y < image.height; y++) {
      System.arraycopy(pixels, y * row, image.data.values(), y * image.step, row);
    }
    return image;
  }

  private static MemorySegment encoded(Image.Buffer image) {
    CdrWriter writer = new CdrWriter(image.data.size() + 256);
    image.encode(writer);
    return writer.segment().asSlice(0, writer.length());
  }
}
