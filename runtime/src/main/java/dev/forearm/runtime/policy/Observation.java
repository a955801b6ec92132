package dev.forearm.runtime.policy;

/** The full observation at one instant, in physical units. Owned by the inference thread. */
public final class Observation {
  private final float[] values;
  private long stampNanos;

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

  public void stampNanos(long nanos) {
    stampNanos = nanos;
  }
}
