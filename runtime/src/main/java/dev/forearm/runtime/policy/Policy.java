package dev.forearm.runtime.policy;

/**
 * Anything that turns an observation into a plan. Called by the inference thread only; an
 * implementation may take as long as the inference budget allows but allocates nothing per call.
 */
public interface Policy extends AutoCloseable {
  PolicySpec spec();

  /** Forgets what it remembers of the running episode. Called before an episode starts. */
  void reset();

  /** Fills {@code plan} from {@code observation}. Non-finite output is the caller's to catch. */
  void plan(Observation observation, Plan plan);

  /**
   * Brings the actions of its latest plan into the range that it may command. Called once they were
   * judged as the policy gave them, so that a wild one is seen.
   *
   * @param actions as {@link Plan#actions()}
   */
  default void confine(double[] actions) {}

  @Override
  default void close() {}
}
