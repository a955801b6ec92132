package dev.forearm.runtime.policy;

/** The half that imagines. Called by the inference thread only. */
public interface WorldModel {
  /**
   * Imagines the near future.
   *
   * @param observation full observation
   * @param imagined receives [frame][feature], row-major, physical units
   */
  void imagine(Observation observation, float[] imagined);
}
