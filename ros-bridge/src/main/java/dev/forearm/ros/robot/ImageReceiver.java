package dev.forearm.ros.robot;

import dev.forearm.ros.image.ImageFormat;
import dev.forearm.ros.image.ImageView;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Refuses images whose data is not what their header says, so that none is recorded. */
final class ImageReceiver implements Receiver {
  private final ImageView image = new ImageView();
  private @Nullable ImageFormat format; // of the image before

  @Override
  public long receive(MemorySegment cdr, long receivedNanos, long publisher) {
    image.wrap(cdr);
    ImageFormat before = format;
    if (before == null || !before.fits(image)) {
      format = ImageFormat.of(image);
    }
    return image.stampNanos();
  }
}
