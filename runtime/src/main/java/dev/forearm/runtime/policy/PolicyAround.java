package dev.forearm.runtime.policy;

/**
 * A policy around another, which it closes: what it does not do otherwise, the inner one does.
 * Called by the inference thread.
 */
public abstract class PolicyAround implements Policy {
  private final Policy inner;

  PolicyAround(Policy inner) {
    this.inner = inner;
  }

  /** The policy as it is without. */
  public final Policy inner() {
    return inner;
  }

  @Override
  public final PolicySpec spec() {
    return inner.spec();
  }

  @Override
  public void reset() {
    inner.reset();
  }

  /** What the inner one remembers. */
  @Override
  public PolicyState freeze() {
    return inner.freeze();
  }

  @Override
  public void thaw(PolicyState state) {
    inner.thaw(state);
  }

  @Override
  public final int prefixSteps() {
    return inner.prefixSteps();
  }

  @Override
  public void commit(double[] actions, int steps) {
    inner.commit(actions, steps);
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    inner.plan(observation, plan);
  }

  @Override
  public void confine(double[] actions) {
    inner.confine(actions);
  }

  @Override
  public final void close() {
    inner.close();
  }
}
