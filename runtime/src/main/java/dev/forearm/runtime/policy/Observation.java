package dev.forearm.runtime.policy;

/** The full observation at one instant, in physical units. Owned by the inference thread. */
public final class Observation {
  private final float[] values;
  private long stampNanos;
  private long originNanos;

  public Observation(int width) {
    values = new float[width];
  }

  /** Features in {@link PolicySpec#observation()} order, physical units, base frame. */
  public float[] values() {
    return values;
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
