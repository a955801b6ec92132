package dev.forearm.ros.image;

import dev.forearm.ros.RosFault;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Decodes sensor_msgs/CompressedImage, message by message; what a message promises is checked
 * before memory is taken for it. {@linkplain #close Closed} after each message; owned by one
 * thread.
 */
public sealed interface CompressedDecoder extends AutoCloseable
    permits CompressedPicture, CompressedDepth {
  /** One for the images of a topic, if they are compressed, which its name tells. */
  static Optional<CompressedDecoder> of(String topic) {
    return topic.endsWith("/compressed")
        ? Optional.of(new CompressedPicture())
        : topic.endsWith("/compressedDepth")
            ? Optional.of(new CompressedDepth())
            : Optional.empty();
  }

  /**
   * Decodes a message.
   *
   * @throws RosFault if it is truncated, of another format, larger than 16.8 million pixels, or
   *     damaged
   */
  void decode(MemorySegment cdr);

  /** The publisher's stamp in ROS time, nanoseconds. */
  long stampNanos();

  /** What was decoded; the same object while the size stays. */
  ImageFormat format();

  /** The rows that were decoded, until the next call of {@link #decode} or {@link #close}. */
  MemorySegment pixels();

  /** Gives the decoded pixels back. */
  @Override
  void close();
}
