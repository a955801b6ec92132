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

  @Override
  default void close() {}
}
