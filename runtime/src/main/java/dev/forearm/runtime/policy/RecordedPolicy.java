package dev.forearm.runtime.policy;

/**
 * A policy with what was drawn for it when an episode was recorded: the seed of its random numbers
 * and what exploration added to its actions. Called by the inference thread, which also tells it.
 */
public final class RecordedPolicy extends PolicyAround {
  private long seed;
  private double[] exploration = {};

  /**
   * @param policy closed with this
   */
  public RecordedPolicy(Policy policy) {
    super(policy);
  }

  /** Has {@link #reset} go over to these random numbers. */
  public void seed(long next) {
    seed = next;
  }

  /** Has the next plan stray so, rad or m a joint; by nothing if it is empty. */
  public void exploration(double[] added) {
    exploration = added;
  }

  @Override
  public void reset() {
    super.reset();
    PolicyState fresh = freeze();
    if (fresh.seed() != seed) {
      thaw(new PolicyState(seed, 0, fresh.memory()));
    }
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    super.plan(observation, plan);
    if (exploration.length > 0) {
      ExploringPolicy.stray(plan, exploration);
    }
  }
}
