package dev.forearm.ros.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.RosFault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedDepthTest {
  private static final int WIDTH = 32;
  private static final int HEIGHT = 24;
  private static final int HEADER_BYTES = 12;

  @ParameterizedTest
  @ValueSource(strings = {"16UC1; compressedDepth png", "16UC1; compressedDepth"})
  void millimetresComeAsTheyWere(String format) throws IOException {
    try (CompressedDepth depth = decoded(format, PixelConversionTest.resource("depth.16UC1"))) {
      assertEquals("16UC1", depth.format().encoding().name());
      int[] wanted = DepthConversionTest.painted(WIDTH, HEIGHT);
      for (int i = 0; i < wanted.length; i++) {
        int found = depth.pixels().getAtIndex(ValueLayout.JAVA_SHORT, i) & 0xffff;
        assertEquals(wanted[i], found, "pixel " + i);
      }
    }
  }

  /** A step of the inverse depth is d^2 / a metres, and its encoder rounds down. */
  @Test
  void metresComeWithinAStepOfTheirInverseDepth() throws IOException {
    byte[] data = PixelConversionTest.resource("depth.32FC1");
    try (CompressedDepth depth = decoded("32FC1; compressedDepth png", data)) {
      assertEquals("32FC1", depth.format().encoding().name());
      int[] wanted = DepthConversionTest.painted(WIDTH, HEIGHT);
      for (int i = 0; i < wanted.length; i++) {
        float found = depth.pixels().getAtIndex(ValueLayout.JAVA_FLOAT, i);
        double metres = wanted[i] / 1000.0;
        if (wanted[i] == 0) {
          assertTrue(Float.isNaN(found), "pixel " + i);
        } else if (metres > 0.2) { // nearer, 16 bits do not hold it
          assertEquals(metres, found, 1.01 * metres * found / (100 * 101) + 1e-6, "pixel " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "16UC1; compressedDepth rvl | 500 | set the publisher's compressedDepth format to png",
        "mono16; compressedDepth png | 500 | wanted '16UC1; compressedDepth png' or '32FC1;",
        "png | 500 | compressed depth of format 'png': wanted '16UC1; compressedDepth png'",
        "16UC1; compressedDepth png | 12 | no PNG behind its header of 12",
        "16UC1; compressedDepth png | 20 | damaged or no whole picture",
        "16UC1; compressedDepth png | 200 | damaged or no whole picture"
      })
  void whatIsNoDepthIsRefusedWithTheReason(String format, int bytes, String why)
      throws IOException {
    byte[] data = Arrays.copyOf(PixelConversionTest.resource("depth.16UC1"), bytes);
    RosFault fault = assertThrows(RosFault.class, () -> decoded(format, data));
    assertTrue(fault.getMessage().contains(why), fault.getMessage());
  }

  @Test
  void aPictureOfColoursIsNoDepth() throws IOException {
    byte[] photo = PixelConversionTest.resource("photo.png");
    byte[] data = new byte[HEADER_BYTES + photo.length];
    System.arraycopy(photo, 0, data, HEADER_BYTES, photo.length);
    RosFault fault =
        assertThrows(RosFault.class, () -> decoded("16UC1; compressedDepth png", data));
    assertTrue(fault.getMessage().contains("not 16 bits of grey"), fault.getMessage());
  }

  @Test
  void anInverseDepthWithoutItsParametersIsRefused() throws IOException {
    byte[] data = PixelConversionTest.resource("depth.16UC1"); // whose parameters are 0
    RosFault fault =
        assertThrows(RosFault.class, () -> decoded("32FC1; compressedDepth png", data));
    assertTrue(fault.getMessage().contains("inverse depth by 0.0 and 0.0"), fault.getMessage());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedDepthIsRefusedOrDecodedToItsSize(long seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      String encoding = random.nextBoolean() ? "16UC1" : "32FC1";
      byte[] bytes = PixelConversionTest.resource("depth." + encoding);
      for (int i = 0; i <= random.nextInt(4); i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try (CompressedDepth depth = decoded(encoding + "; compressedDepth png", bytes)) {
        ImageFormat format = depth.format();
        assertEquals((long) format.step() * format.height(), depth.pixels().byteSize());
      } catch (RosFault fault) {
        assertTrue(fault.getMessage().startsWith("compressed depth"), fault.getMessage());
      }
    }
  }

  private static CompressedDepth decoded(String format, byte[] data) {
    CompressedDepth depth = new CompressedDepth();
    MemorySegment cdr = CompressedPictureTest.message(format, data);
    try {
      depth.decode(cdr);
      return depth;
    } catch (RosFault fault) {
      depth.close();
      throw fault;
    }
  }
}
