package dev.forearm.ros.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lwjgl.stb.STBImage;
import org.lwjgl.system.MemoryStack;

/** A JPEG or a PNG, decoded into rgb8 by stb_image. */
public final class CompressedPicture implements CompressedDecoder {
  private static final PixelEncoding RGB8 = new PixelEncoding("rgb8", 3, 1);
  private static final int JPEG = 0xffd8ff00;
  private static final int JPEG_MASK = 0xffffff00;
  private static final byte[] JPEG_END = {(byte) 0xff, (byte) 0xd9};
  private static final int PNG = 0x89504e47;
  private static final ValueLayout.OfInt MAGIC =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final CompressedMessage message = new CompressedMessage("image");
  private @Nullable ImageFormat format;
  private @Nullable ByteBuffer pixels;

  @Override
  public void decode(MemorySegment cdr) {
    close();
    message.wrap(cdr);
    MemorySegment data = message.data();
    int magic = data.byteSize() < Integer.BYTES ? 0 : data.get(MAGIC, 0);
    if (magic != PNG && (magic & JPEG_MASK) != JPEG) {
      throw message.fault(
          "found %s bytes that start with %s, wanted a JPEG or a PNG"
              .formatted(data.byteSize(), HexFormat.of().toHexDigits(magic)));
    }
    if (magic != PNG && !endsAsJpeg(data)) {
      throw message.damaged("no end of image");
    }
    decode(message.outside(0).asByteBuffer());
  }

  private void decode(ByteBuffer data) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer width = stack.mallocInt(1);
      IntBuffer height = stack.mallocInt(1);
      IntBuffer channels = stack.mallocInt(1);
      if (!STBImage.stbi_info_from_memory(data, width, height, channels)) {
        throw message.damaged(String.valueOf(STBImage.stbi_failure_reason()));
      }
      message.requireSize(width.get(0), height.get(0));
      pixels = STBImage.stbi_load_from_memory(data, width, height, channels, RGB8.channels());
      if (pixels == null) {
        throw message.damaged(String.valueOf(STBImage.stbi_failure_reason()));
      }
      format = ImageFormat.packed(format, width.get(0), height.get(0), RGB8);
    }
  }

  @Override
  public long stampNanos() {
    return message.stampNanos();
  }

  @Override
  public ImageFormat format() {
    return Objects.requireNonNull(format, "nothing was decoded");
  }

  @Override
  public MemorySegment pixels() {
    return MemorySegment.ofBuffer(Objects.requireNonNull(pixels, "nothing was decoded"));
  }

  @Override
  public void close() {
    if (pixels != null) {
      STBImage.stbi_image_free(pixels);
      pixels = null;
    }
  }

  /** A decoder takes a JPEG that was cut short for one with a grey end. Cameras pad with zeros. */
  private static boolean endsAsJpeg(MemorySegment data) {
    long end = data.byteSize() - 1;
    while (data.get(ValueLayout.JAVA_BYTE, end) == 0) {
      end--;
    }
    return data.get(ValueLayout.JAVA_BYTE, end) == JPEG_END[1]
        && data.get(ValueLayout.JAVA_BYTE, end - 1) == JPEG_END[0];
  }
}
