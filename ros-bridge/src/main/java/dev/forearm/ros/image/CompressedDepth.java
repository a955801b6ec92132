package dev.forearm.ros.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lwjgl.stb.STBImage;
import org.lwjgl.system.MemoryStack;

/**
 * Depth as compressed_depth_image_transport sends it with PNG, decoded into 16UC1 or 32FC1, as its
 * format names it. Metres travel as inverse depth q of 16 bits, 0 where there is no reading:
 *
 * <pre>
 *   0        4    8    12
 *   +--------+----+----+------------------------------+
 *   | scheme | a  | b  | PNG, 16 bits of grey         |   16UC1: millimetres
 *   +--------+----+----+------------------------------+   32FC1: q, metres = a / (q - b)
 * </pre>
 */
public final class CompressedDepth implements CompressedDecoder {
  private static final PixelEncoding MILLIMETRES = new PixelEncoding("16UC1", 1, 2);
  private static final PixelEncoding METRES = new PixelEncoding("32FC1", 1, 4);
  private static final long A_OFFSET = 4;
  private static final long B_OFFSET = 8;
  private static final long HEADER_BYTES = 12;
  private static final ValueLayout.OfFloat PARAMETER =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CompressedMessage message = new CompressedMessage("depth");
  private MemorySegment metres = MemorySegment.NULL;
  private @Nullable ImageFormat format;
  private @Nullable ShortBuffer pixels;

  @Override
  public void decode(MemorySegment cdr) {
    close();
    message.wrap(cdr);
    PixelEncoding encoding = encoding(message.format().toString());
    MemorySegment data = message.data();
    if (data.byteSize() <= HEADER_BYTES) {
      throw message.damaged("no PNG behind its header of %s".formatted(HEADER_BYTES));
    }
    decode(message.outside(HEADER_BYTES).asByteBuffer(), encoding);
    if (encoding.equals(METRES)) {
      restore(data.get(PARAMETER, A_OFFSET), data.get(PARAMETER, B_OFFSET));
    }
  }

  /**
   * Of a format such as {@code 16UC1; compressedDepth png}; png is what it was before it was said.
   */
  private PixelEncoding encoding(String said) {
    return switch (said) {
      case "16UC1; compressedDepth", "16UC1; compressedDepth png" -> MILLIMETRES;
      case "32FC1; compressedDepth", "32FC1; compressedDepth png" -> METRES;
      default ->
          throw message.fault(
              "wanted '16UC1; compressedDepth png' or '32FC1; compressedDepth png'; set the publisher's compressedDepth format to png");
    };
  }

  private void decode(ByteBuffer png, PixelEncoding encoding) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer width = stack.mallocInt(1);
      IntBuffer height = stack.mallocInt(1);
      IntBuffer channels = stack.mallocInt(1);
      if (!STBImage.stbi_info_from_memory(png, width, height, channels)) {
        throw message.damaged(String.valueOf(STBImage.stbi_failure_reason()));
      }
      if (channels.get(0) != 1 || !STBImage.stbi_is_16_bit_from_memory(png)) {
        throw message.damaged("its PNG is not 16 bits of grey");
      }
      message.requireSize(width.get(0), height.get(0));
      pixels = STBImage.stbi_load_16_from_memory(png, width, height, channels, 1);
      if (pixels == null) {
        throw message.damaged(String.valueOf(STBImage.stbi_failure_reason()));
      }
      format = ImageFormat.packed(format, width.get(0), height.get(0), encoding);
    }
  }

  private void restore(float a, float b) {
    if (!(a > 0 && a < Float.POSITIVE_INFINITY) || !Float.isFinite(b)) {
      throw message.damaged("inverse depth by %s and %s".formatted(a, b));
    }
    ShortBuffer inverse = Objects.requireNonNull(pixels);
    long bytes = (long) inverse.remaining() * Float.BYTES;
    if (metres.byteSize() != bytes) {
      metres = Arena.ofAuto().allocate(bytes, Float.BYTES);
    }
    for (int i = 0; i < inverse.remaining(); i++) {
      int q = Short.toUnsignedInt(inverse.get(i));
      metres.setAtIndex(ValueLayout.JAVA_FLOAT, i, q == 0 ? Float.NaN : a / (q - b));
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
    MemorySegment decoded =
        MemorySegment.ofBuffer(Objects.requireNonNull(pixels, "nothing was decoded"));
    return format().encoding().equals(METRES) ? metres : decoded;
  }

  @Override
  public void close() {
    if (pixels != null) {
      STBImage.stbi_image_free(pixels);
      pixels = null;
    }
  }
}
