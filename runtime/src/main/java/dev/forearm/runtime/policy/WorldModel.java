package dev.forearm.runtime.policy;

/** The half that imagines. Called by the inference thread only. */
public interface WorldModel {
  /** What it observes and imagines; how it is acted on may be another's. */
  PolicySpec spec();

  /**
   * Imagines the near future.
   *
   * @param observation full observation
   * @param imagined receives [frame][feature], row-major, physical units
   */
  void imagine(Observation observation, float[] imagined);
}
