package dev.forearm.runtime.policy;

/**
 * Anything that turns an observation into a plan. Called by the inference thread only; an
 * implementation may take as long as the inference budget allows but allocates nothing per call.
 */
public interface Policy extends AutoCloseable {
  PolicySpec spec();

  /**
   * Forgets what it remembers of the running episode and goes over to other random numbers. Called
   * before an episode starts; {@link #freeze} then tells its seed.
   */
  void reset();

  /** What it remembers. For recording and replay, not for every step: it allocates. */
  default PolicyState freeze() {
    return PolicyState.NONE;
  }

  /**
   * Goes on from what was remembered: equal observations then give equal plans, bit for bit.
   *
   * @param state that {@link #freeze} gave, of this policy or another of the same bundle
   * @throws IllegalArgumentException if it is another policy's
   */
  default void thaw(PolicyState state) {
    if (!state.memory().isEmpty()) {
      throw new IllegalArgumentException(
          "thaw: found a memory of %s, but this policy has none"
              .formatted(state.memory().keySet()));
    }
  }

  /**
   * How many actions it may be told that are executed whatever it plans, so that it can plan on
   * from there (real-time chunking, <a href="https://arxiv.org/abs/2506.07339">Black et al.,
   * 2025</a>); 0: it does not want to know.
   */
  default int prefixSteps() {
    return 0;
  }

  /**
   * Tells it of those actions, before each plan. They stand where its own first ones will.
   *
   * @param actions [step][joint], row-major, rad or m; valid only during the call
   * @param steps how many there are, at most {@link #prefixSteps()}; 0 while the arm follows no
   *     chunk of its
   */
  default void commit(double[] actions, int steps) {}

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
