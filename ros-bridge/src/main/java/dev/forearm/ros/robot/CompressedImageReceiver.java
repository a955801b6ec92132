package dev.forearm.ros.robot;

import dev.forearm.ros.image.CompressedDecoder;
import dev.forearm.runtime.signal.ImageSlot;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Takes the compressed images of one topic. They are decoded even where no policy looks at them, so
 * that a damaged one is refused and not recorded.
 */
final class CompressedImageReceiver implements Receiver {
  private final CompressedDecoder picture;
  private final Gallery gallery;

  /**
   * @param picture decodes them; this one's own
   * @param slots where a policy wants the topic's images
   */
  CompressedImageReceiver(CompressedDecoder picture, List<ImageSlot> slots) {
    this.picture = picture;
    gallery = new Gallery(slots);
  }

  @Override
  public long receive(MemorySegment cdr, long receivedNanos, long publisher) {
    try (picture) {
      picture.decode(cdr);
      long stamp = picture.stampNanos();
      gallery.show(picture.format(), picture.pixels(), 0, stamp, receivedNanos);
      return stamp;
    }
  }
}
