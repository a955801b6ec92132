package dev.forearm.ros.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.CompressedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedPictureTest {
  private static final int WIDTH = 32;
  private static final int HEIGHT = 24;

  @Test
  void pngGivesThePixelsThatWereWritten() throws IOException {
    byte[] found = decoded("png", PixelConversionTest.resource("photo.png"));
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int at = 3 * (y * WIDTH + x);
        assertEquals((byte) (8 * x), found[at]);
        assertEquals((byte) (10 * y), found[at + 1]);
        assertEquals((byte) (4 * x + 5 * y), found[at + 2]);
      }
    }
  }

  @Test
  void jpegGivesThePixelsOfTheReferenceDecoder() throws IOException {
    byte[] found = decoded("bgr8; jpeg compressed bgr8", PixelConversionTest.resource("photo.jpg"));
    byte[] wanted = PixelConversionTest.resource("photo.rgb");
    for (int i = 0; i < wanted.length; i++) {
      assertEquals(
          wanted[i] & 255, found[i] & 255, 3, "byte " + i); // another IDCT, another chroma filter
    }
  }

  @Test
  void messagesInTheJavaHeapAreDecodedToo() throws IOException {
    MemorySegment cdr = message("png", PixelConversionTest.resource("photo.png"));
    MemorySegment heap = MemorySegment.ofArray(cdr.toArray(ValueLayout.JAVA_BYTE));
    try (CompressedPicture picture = new CompressedPicture();
        CompressedPicture other = new CompressedPicture()) {
      picture.decode(heap);
      other.decode(outside(heap));
      assertEquals(-1, picture.pixels().mismatch(other.pixels()));
    }
  }

  @ParameterizedTest
  @CsvSource({"photo.png, 40", "photo.png, 3", "photo.jpg, 300", "photo.jpg, 3"})
  void aPictureCutShortIsRefused(String file, int bytes) throws IOException {
    byte[] cut = Arrays.copyOf(PixelConversionTest.resource(file), bytes);
    assertThrows(RosFault.class, () -> decoded("jpeg", cut));
  }

  @Test
  void whatIsNeitherJpegNorPngIsRefusedByItsFormat() {
    RosFault fault =
        assertThrows(RosFault.class, () -> decoded("16UC1; compressedDepth", new byte[64]));
    assertEquals(
        "compressed image of format '16UC1; compressedDepth': found 64 bytes that start with 00000000, wanted a JPEG or a PNG",
        fault.getMessage());
    assertThrows(RosFault.class, () -> decoded("", new byte[0]));
  }

  @ParameterizedTest
  @CsvSource({"60000", "8000"})
  void aHeaderThatPromisesTooMuchIsRefusedBeforeMemoryIsTaken(int side) throws IOException {
    byte[] bomb = PixelConversionTest.resource("photo.png");
    ByteBuffer header = ByteBuffer.wrap(bomb);
    header.putInt(16, side).putInt(20, side);
    CRC32 crc = new CRC32();
    crc.update(bomb, 12, 17);
    header.putInt(29, (int) crc.getValue());
    assertThrows(RosFault.class, () -> decoded("png", bomb));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedPicturesAreRefusedOrDecodedToTheirSize(long seed) throws IOException {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      String file = random.nextBoolean() ? "photo.png" : "photo.jpg";
      byte[] bytes = PixelConversionTest.resource(file);
      for (int i = 0; i <= random.nextInt(4); i++) {
        bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
      }
      try (CompressedPicture picture = new CompressedPicture()) {
        picture.decode(outside(message("png", bytes)));
        ImageFormat format = picture.format();
        assertEquals((long) format.step() * format.height(), picture.pixels().byteSize());
      } catch (RosFault fault) {
        assertTrue(fault.getMessage().startsWith("compressed image"), fault.getMessage());
      }
    }
  }

  private static byte[] decoded(String format, byte[] data) {
    try (CompressedPicture picture = new CompressedPicture()) {
      picture.decode(outside(message(format, data)));
      assertEquals(WIDTH, picture.format().width());
      assertEquals(HEIGHT, picture.format().height());
      return picture.pixels().toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static MemorySegment outside(MemorySegment cdr) {
    return Arena.ofAuto().allocate(cdr.byteSize()).copyFrom(cdr);
  }

  static MemorySegment message(String format, byte[] data) {
    CompressedImage.Buffer image = new CompressedImage.Buffer();
    image.format.assign(format);
    image.data.assign(data, data.length);
    CdrWriter writer = new CdrWriter(data.length + 256);
    image.encode(writer);
    return writer.segment().asSlice(0, writer.length());
  }
}
