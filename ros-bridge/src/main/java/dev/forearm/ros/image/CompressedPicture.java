package dev.forearm.ros.image;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.Arena;
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

/**
 * A sensor_msgs/CompressedImage, JPEG or PNG, decoded into rgb8 by stb_image. What its header
 * promises is checked before memory is taken for it. Reused from message to message, {@linkplain
 * #close closed} after each; owned by one thread.
 */
public final class CompressedPicture implements AutoCloseable {
  /** Pixels that are decoded at most: a 4096 x 4096 picture takes 48 MiB. */
  static final long PIXELS_MAX = 1 << 24;

  private static final int JPEG = 0xffd8ff00;
  private static final int JPEG_MASK = 0xffffff00;
  private static final byte[] JPEG_END = {(byte) 0xff, (byte) 0xd9};
  private static final int PNG = 0x89504e47;
  private static final int RGB = 3;
  private static final ValueLayout.OfInt MAGIC =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final CdrReader reader = new CdrReader();
  private final Header.Buffer header = new Header.Buffer();
  private final Text kind = new Text();
  private MemorySegment copied = MemorySegment.NULL; // of messages that lie in the Java heap
  private @Nullable ImageFormat format;
  private @Nullable ByteBuffer pixels;

  /**
   * Decodes a message.
   *
   * @throws RosFault if it is truncated, neither JPEG nor PNG, larger than 16.8 million pixels, or
   *     damaged
   */
  public void decode(MemorySegment cdr) {
    close();
    reader.wrap(cdr);
    header.read(reader);
    kind.read(reader);
    int bytes = reader.readLength(1);
    MemorySegment data = cdr.asSlice(reader.skipBytes(bytes), bytes);
    int magic = bytes < Integer.BYTES ? 0 : data.get(MAGIC, 0);
    if (magic != PNG && (magic & JPEG_MASK) != JPEG) {
      throw new RosFault(
          "compressed image of format '%s': found %s bytes that start with %s, wanted a JPEG or a PNG"
              .formatted(kind, bytes, HexFormat.of().toHexDigits(magic)));
    }
    if (magic != PNG && !endsAsJpeg(data)) {
      throw damaged(bytes, "no end of image");
    }
    decode(outside(data).asByteBuffer(), bytes);
  }

  private void decode(ByteBuffer data, int bytes) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer width = stack.mallocInt(1);
      IntBuffer height = stack.mallocInt(1);
      IntBuffer channels = stack.mallocInt(1);
      if (!STBImage.stbi_info_from_memory(data, width, height, channels)) {
        throw damaged(bytes, STBImage.stbi_failure_reason());
      }
      if ((long) width.get(0) * height.get(0) > PIXELS_MAX) {
        throw new RosFault(
            "compressed image of format '%s': found %s x %s pixels, wanted %s at most; have the camera send a smaller picture"
                .formatted(kind, width.get(0), height.get(0), PIXELS_MAX));
      }
      pixels = STBImage.stbi_load_from_memory(data, width, height, channels, RGB);
      if (pixels == null) {
        throw damaged(bytes, STBImage.stbi_failure_reason());
      }
      ImageFormat before = format;
      if (before == null || before.width() != width.get(0) || before.height() != height.get(0)) {
        format = ImageFormat.rgb8(width.get(0), height.get(0));
      }
    }
  }

  /** The publisher's stamp in ROS time, nanoseconds. */
  public long stampNanos() {
    return RosTime.nanos(header.stamp);
  }

  /** What was decoded; the same object while the size stays. */
  public ImageFormat format() {
    return Objects.requireNonNull(format, "nothing was decoded");
  }

  /** The rows that were decoded, until the next call of {@link #decode} or {@link #close}. */
  public MemorySegment pixels() {
    return MemorySegment.ofBuffer(Objects.requireNonNull(pixels, "nothing was decoded"));
  }

  /** Gives the decoded pixels back. */
  @Override
  public void close() {
    if (pixels != null) {
      STBImage.stbi_image_free(pixels);
      pixels = null;
    }
  }

  /** The data in memory outside the Java heap, where a decoder can read it. */
  private MemorySegment outside(MemorySegment data) {
    if (data.isNative()) {
      return data;
    }
    if (copied.byteSize() < data.byteSize()) {
      copied = Arena.ofAuto().allocate(data.byteSize());
    }
    return copied.asSlice(0, data.byteSize()).copyFrom(data);
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

  private RosFault damaged(int bytes, @Nullable String how) {
    return new RosFault(
        "compressed image of format '%s': %s bytes are damaged or no whole picture (%s)"
            .formatted(kind, bytes, how));
  }
}
