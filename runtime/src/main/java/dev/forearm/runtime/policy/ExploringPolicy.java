package dev.forearm.runtime.policy;

import java.util.SplittableRandom;

/**
 * A policy whose actions stray. What was added is in {@link Plan#exploration()}, so that the
 * policy's own actions can be had back. Each episode draws displacements of its own, whatever came
 * before; they are not remembered, so that after {@link #thaw} the actions stray as they would have
 * without. Called by the inference thread; plans without allocating.
 */
public final class ExploringPolicy extends PolicyAround {
  private final OrnsteinUhlenbeck displacement;
  private final SplittableRandom episodes;
  private final double[] added;

  /**
   * @param policy closed with this
   * @throws IllegalArgumentException if the exploration is for another number of joints
   */
  public ExploringPolicy(Policy policy, Exploration exploration) {
    super(policy);
    int joints = policy.spec().joints().size();
    if (exploration.jointStd().size() != joints) {
      throw new IllegalArgumentException(
          "exploration: found %s standard deviations, wanted one for each of %s"
              .formatted(exploration.jointStd().size(), policy.spec().joints()));
    }
    displacement =
        new OrnsteinUhlenbeck(
            exploration.jointStd().stream().mapToDouble(Double::doubleValue).toArray(),
            exploration.correlationSeconds(),
            policy.spec().periodNanos() * 1e-9);
    episodes = new SplittableRandom(exploration.seed());
    added = new double[joints];
  }

  @Override
  public void reset() {
    super.reset();
    displacement.restart(episodes.nextLong());
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    super.plan(observation, plan);
    displacement.step();
    for (int joint = 0; joint < added.length; joint++) {
      added[joint] = displacement.value(joint);
    }
    stray(plan, added);
  }

  /** Adds a displacement, rad or m a joint, to every action, and says so in the plan. */
  static void stray(Plan plan, double[] added) {
    System.arraycopy(added, 0, plan.exploration(), 0, added.length);
    double[] actions = plan.actions();
    for (int i = 0; i < actions.length; i++) {
      actions[i] += added[i % added.length];
    }
  }
}
