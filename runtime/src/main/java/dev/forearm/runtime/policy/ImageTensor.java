package dev.forearm.runtime.policy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One picture, in colours or of depth, as a policy wants it: float32 [1, channel, height, width] in
 * native order, in memory outside the Java heap that an inference engine reads where it lies.
 * Reused from picture to picture; owned by one thread at a time, valid as long as it is referred
 * to.
 */
public final class ImageTensor {
  private static final long ALIGNMENT = 64; // a cache line, as inference engines like it

  private final Source.Image source;
  private final MemorySegment values;
  private long stampNanos;
  private long receivedNanos;

  public ImageTensor(Source.Image source) {
    this.source = source;
    long count = (long) source.channelCount() * source.height() * source.width();
    values = Arena.ofAuto().allocate(count * Float.BYTES, ALIGNMENT);
  }

  public Source.Image source() {
    return source;
  }

  /** [1, channel, height, width], in the source's range or unit. */
  public MemorySegment values() {
    return values;
  }

  /** When the picture was taken, ROS time, nanoseconds: the message's stamp. */
  public long stampNanos() {
    return stampNanos;
  }

  /** When the picture arrived, on the runtime's clock. */
  public long receivedNanos() {
    return receivedNanos;
  }

  /** Tells when the picture that was put into {@link #values()} was taken and arrived. */
  public void stamp(long stampNanos, long receivedNanos) {
    this.stampNanos = stampNanos;
    this.receivedNanos = receivedNanos;
  }
}
