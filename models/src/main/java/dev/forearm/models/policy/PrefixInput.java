package dev.forearm.models.policy;

import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.ort.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An actor's inputs for actions that are executed whatever it plans: {@code prefix [1, steps,
 * joints]}, normalised as its own first actions are, and {@code prefix_mask [1, steps]}, 1 for each
 * that is one. The others are 0. The inference thread's; allocates nothing per call.
 */
final class PrefixInput {
  static final String NAME = "prefix";
  static final String MASK = "prefix_mask";

  private final Tensor prefix;
  private final Tensor mask;
  private final Scaling scaling;
  private final double[] actions; // [step][joint], rad or m
  private final int most;
  private int steps;

  /**
   * @param most steps that it can hold, from 1
   * @param scaling of a chunk
   */
  PrefixInput(GraphRun graph, int most, int joints, Scaling scaling) {
    prefix = graph.tensor(NAME);
    mask = graph.tensor(MASK);
    this.most = most;
    this.scaling = scaling;
    actions = new double[most * joints];
  }

  /** The inputs beside {@code others}, with their shapes; none if there are no steps. */
  static Map<String, long[]> beside(Map<String, long[]> others, int most, int joints) {
    Map<String, long[]> all = new LinkedHashMap<>(others);
    if (most > 0) {
      all.put(NAME, new long[] {1, most, joints});
      all.put(MASK, new long[] {1, most});
    }
    return all;
  }

  /** Keeps actions for the next plan. */
  void commit(double[] committed, int count) {
    steps = count;
    System.arraycopy(committed, 0, actions, 0, count * actions.length / most);
  }

  /** Shows them to the graph, as seen from an observation. */
  void show(float[] observation) {
    for (int step = 0; step < most; step++) {
      mask.setFloat(step, step < steps ? 1 : 0);
    }
    int known = steps * actions.length / most;
    for (int i = 0; i < actions.length; i++) {
      float value = i < known ? scaling.normalised(observation, i, (float) actions[i]) : 0;
      prefix.setFloat(i, value);
    }
  }
}
