package dev.forearm.ros.robot;

import dev.forearm.ros.image.ImageFormat;
import dev.forearm.ros.image.ImageView;
import dev.forearm.runtime.signal.ImageSlot;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the images of one topic. Those whose data is not what their header says are refused, so
 * that none is recorded; those that a policy looks at are converted where they lie.
 */
final class ImageReceiver implements Receiver {
  private final ImageView image = new ImageView();
  private final Gallery gallery;
  private @Nullable ImageFormat format; // of the image before

  /**
   * @param slots where a policy wants the topic's images
   */
  ImageReceiver(List<ImageSlot> slots) {
    gallery = new Gallery(slots);
  }

  @Override
  public long receive(MemorySegment cdr, long receivedNanos, long publisher) {
    image.wrap(cdr);
    ImageFormat same = format;
    if (same == null || !same.fits(image)) {
      same = ImageFormat.of(image);
      format = same;
    }
    long stamp = image.stampNanos();
    gallery.show(same, cdr, image.dataOffset(), stamp, receivedNanos);
    return stamp;
  }
}
