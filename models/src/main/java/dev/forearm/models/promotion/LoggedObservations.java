package dev.forearm.models.promotion;

import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;

/** What was seen in episodes, and what a policy would do there. */
final class LoggedObservations {
  private LoggedObservations() {}

  /** At most {@code most} observations, evenly over all that have the policy's width. */
  static List<float[]> of(PolicySpec spec, List<RecordedPlans> logs, int most) {
    List<float[]> all = new ArrayList<>();
    for (RecordedPlans episode : logs) {
      episode.observations().values().stream()
          .filter(seen -> seen.length == spec.observationWidth())
          .forEach(all::add);
    }
    int stride = Math.ceilDiv(Math.max(1, all.size()), most);
    List<float[]> chosen = new ArrayList<>();
    for (int i = 0; i < all.size(); i += stride) {
      chosen.add(all.get(i));
    }
    return chosen;
  }

  /**
   * The chunk that a policy plans from each, as it gives it: not confined. A policy that remembers
   * begins anew at each.
   *
   * @return [observation][step][joint], rad or m
   */
  static double[][] chunks(Policy policy, List<float[]> observations) {
    Observation observation = new Observation(policy.spec());
    Plan plan = new Plan(policy.spec());
    double[][] chunks = new double[observations.size()][];
    for (int i = 0; i < chunks.length; i++) {
      System.arraycopy(observations.get(i), 0, observation.values(), 0, observations.get(i).length);
      policy.reset();
      plan.clear();
      policy.plan(observation, plan);
      chunks[i] = plan.actions().clone();
    }
    return chunks;
  }
}
