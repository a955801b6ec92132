package dev.forearm.runtime.signal;

import dev.forearm.runtime.policy.ImageTensor;
import dev.forearm.runtime.policy.Source;
import org.jspecify.annotations.Nullable;

/**
 * The newest picture of one camera as a policy wants it, handed from the receive thread to the
 * inference thread. What the inference thread took stays whole until it takes the next.
 */
public final class ImageSlot {
  private final Source.Image source;
  private final Latest<ImageTensor> pictures;
  private @Nullable ImageTensor held; // reader's

  public ImageSlot(Source.Image source) {
    this.source = source;
    pictures = new Latest<>(() -> new ImageTensor(source));
  }

  public Source.Image source() {
    return source;
  }

  /** Writer: the tensor to fill before {@link #publish}. */
  public ImageTensor back() {
    return pictures.back();
  }

  /** Writer: makes what was filled the newest picture. */
  public void publish() {
    pictures.publish();
  }

  /** Reader: the newest picture, which may be the one of the last call; null if none ever came. */
  public @Nullable ImageTensor newest() {
    ImageTensor taken = pictures.take();
    if (taken != null) {
      held = taken;
    }
    return held;
  }
}
