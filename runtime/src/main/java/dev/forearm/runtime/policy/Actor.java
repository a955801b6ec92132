package dev.forearm.runtime.policy;

/** The half that acts on an imagined future. Called by the inference thread only. */
public interface Actor {
  /** What it wants to be imagined, and the actions that it gives. */
  PolicySpec spec();

  /**
   * Chooses actions that bring the imagined future about.
   *
   * @param observation full observation, physical units; the actor picks its proprioceptive
   *     features out of it
   * @param imagined [frame][feature], row-major, physical units
   * @param actions receives absolute joint positions [step][joint], row-major, rad or m
   */
  void act(float[] observation, float[] imagined, double[] actions);

  /**
   * Brings its latest actions into the range that it may command.
   *
   * @see Policy#confine
   */
  default void confine(double[] actions) {}
}
