package dev.forearm.runtime.policy;

/**
 * What one call of a policy brings out; reused from call to call. Owned by the inference thread.
 */
public final class Plan {
  private static final Driver UNKNOWN = new Driver.Unknown();

  private final float[] imagined;
  private final double[] actions;
  private boolean imagines;
  private Driver driver = UNKNOWN;

  public Plan(PolicySpec spec) {
    imagined = new float[spec.frameSteps().size() * spec.frameWidth()];
    actions = new double[spec.chunkSteps() * spec.joints().size()];
  }

  /** Forgets what was said of the last plan, before the next is made. */
  public void clear() {
    imagines = false;
    driver = UNKNOWN;
  }

  /** Imagined frames [frame][feature], row-major, physical units. */
  public float[] imagined() {
    return imagined;
  }

  /** Whether {@link #imagined()} was filled: false for a policy that only acts. */
  public boolean imagines() {
    return imagines;
  }

  public void imagines(boolean yes) {
    imagines = yes;
  }

  /** Whose plan it is; unknown unless the policy says so. */
  public Driver driver() {
    return driver;
  }

  public void driver(Driver driver) {
    this.driver = driver;
  }

  /**
   * Absolute joint positions [step][joint], row-major, rad or m, in {@link PolicySpec#joints()}.
   */
  public double[] actions() {
    return actions;
  }
}
