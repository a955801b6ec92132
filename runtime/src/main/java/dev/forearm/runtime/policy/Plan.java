package dev.forearm.runtime.policy;

import java.util.Arrays;

/**
 * What one call of a policy brings out; reused from call to call. Owned by the inference thread.
 */
public final class Plan {
  private static final Driver UNKNOWN = new Driver.Unknown();

  private final float[] imagined;
  private final double[] actions;
  private final double[] exploration;
  private boolean imagines;
  private Driver driver = UNKNOWN;

  public Plan(PolicySpec spec) {
    imagined = new float[spec.frameSteps().size() * spec.frameWidth()];
    actions = new double[spec.chunkSteps() * spec.joints().size()];
    exploration = new double[spec.joints().size()];
  }

  /** Forgets what was said of the last plan, before the next is made. */
  public void clear() {
    imagines = false;
    driver = UNKNOWN;
    Arrays.fill(exploration, 0);
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

  /**
   * What exploration added to each joint in every one of {@link #actions()} before they were
   * confined, rad or m; zeros where the actions are as the policy chose them.
   */
  public double[] exploration() {
    return exploration;
  }

  /** Whether any {@link #exploration()} was added. */
  public boolean explores() {
    for (double added : exploration) {
      if (added != 0) {
        return true;
      }
    }
    return false;
  }
}
