package dev.forearm.runtime.policy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The full observation at one instant: a vector in physical units, and images beside it. Owned by
 * the inference thread.
 */
public final class Observation {
  private final float[] values;
  private final ImageTensor[] images;
  private final List<ImageTensor> imageList;
  private long stampNanos;
  private long originNanos;

  /** Of a policy that sees no images. */
  public Observation(int width) {
    this(width, List.of());
  }

  /** As a policy sees it; images are black until some are put in. */
  public Observation(PolicySpec spec) {
    this(spec.observationWidth(), spec.imageSources());
  }

  private Observation(int width, List<Source.Image> sources) {
    values = new float[width];
    images = sources.stream().map(ImageTensor::new).toArray(ImageTensor[]::new);
    imageList = Collections.unmodifiableList(Arrays.asList(images));
  }

  /** Features in {@link PolicySpec#state()} order, physical units, base frame. */
  public float[] values() {
    return values;
  }

  /**
   * The pictures, in {@link PolicySpec#images()} order; this thread's until the next observation.
   */
  public List<ImageTensor> images() {
    return imageList;
  }

  /** Puts a picture in place of image {@code index}. */
  public void image(int index, ImageTensor picture) {
    images[index] = Objects.requireNonNull(picture);
  }

  /** When it was assembled, on the runtime's clock. */
  public long stampNanos() {
    return stampNanos;
  }

  /** From when the actions planned from it count, on the runtime's clock; not after its stamp. */
  public long originNanos() {
    return originNanos;
  }

  /** Sets both times, on the runtime's clock. */
  public void at(long stamp, long origin) {
    stampNanos = stamp;
    originNanos = origin;
  }
}
