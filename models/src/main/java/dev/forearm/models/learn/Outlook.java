package dev.forearm.models.learn;

import dev.forearm.models.samples.PlanSample;
import dev.forearm.models.value.Returns;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * A step in the light of what came: what followed, what had been imagined, and what it paid.
 *
 * @param observation [feature], physical units
 * @param followed [frame][feature], physical units
 * @param imagined the same as the policy imagined it, where it did
 * @param paid the discounted stages that were still done
 */
@SuppressWarnings("ArrayRecordComponent") // numbers on their way into one array
public record Outlook(
    float[] observation, float[] followed, Optional<float[]> imagined, double paid) {
  /**
   * Those of an episode's steps, in order, whose future is in it.
   *
   * @param discount of a step
   */
  public static List<Outlook> of(PolicySpec spec, RecordedPlans episode, double discount) {
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    double[] rewards = new double[stamps.size()];
    double[] discounts = new double[stamps.size()];
    for (int i = 0; i < rewards.length; i++) {
      long until = i + 1 < rewards.length ? stamps.get(i + 1) : Long.MAX_VALUE;
      rewards[i] = episode.stage(until) - episode.stage(stamps.get(i));
      discounts[i] = discount;
    }
    double[] paid = Returns.discounted(rewards, discounts);
    LongFunction<Optional<float[]>> future = PlanSample.followed(spec, episode);
    List<Outlook> outlooks = new ArrayList<>();
    for (int i = 0; i < paid.length; i++) {
      long stamp = stamps.get(i);
      float[] seen = episode.observations().get(stamp);
      float[] followed = future.apply(stamp).orElse(null);
      if (seen != null && followed != null) {
        Optional<float[]> imagined = Optional.ofNullable(episode.imaginations().get(stamp));
        outlooks.add(new Outlook(seen, followed, imagined, paid[i]));
      }
    }
    return outlooks;
  }
}
