package dev.forearm.models.learn;

import dev.forearm.models.samples.PlanSample;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What each half learns of an own episode.
 *
 * <p><b>The world model</b> learns to aim for what paid: the steps that a new stage of the task
 * followed soon. Where the policy drove it learns what it <em>imagined</em> there, not what came of
 * it: an arm falls a little short of what is imagined, and whoever imagines that shortfall falls
 * short again, every time. Where something else drove, a way out or a person, it learns what
 * followed.
 *
 * <p><b>The actor</b> learns how what followed was brought about, whether or not it paid: the
 * executed commands from the executed frames, in hindsight.
 *
 * @param horizonSeconds how long before a new stage a step may lie
 * @param aims whether what the policy imagined is learned, or only what others did
 * @param successes in place of both, what followed every step of an episode that succeeded
 */
public record Experience(double horizonSeconds, boolean aims, boolean successes) {
  private static final double SECOND_NANOS = 1e9;

  public Experience {
    if (!(horizonSeconds > 0)) {
      throw new IllegalArgumentException(
          "experience: horizon is %s s, wanted above 0".formatted(horizonSeconds));
    }
  }

  /** What the world model learns of an episode that was read with its commands. */
  public List<PlanSample> aimed(PolicySpec spec, RecordedPlans episode) {
    if (successes) {
      return PlanSample.executed(spec, episode, _ -> episode.succeeded());
    }
    List<PlanSample> samples =
        new ArrayList<>(
            PlanSample.executed(
                spec, episode, stamp -> !learned(episode, stamp) && pays(episode, stamp)));
    if (aims) {
      samples.addAll(
          PlanSample.imagined(
              spec, episode, stamp -> learned(episode, stamp) && pays(episode, stamp)));
    }
    return samples;
  }

  /** What the actor learns of an episode that was read with its commands. */
  public List<PlanSample> done(PolicySpec spec, RecordedPlans episode) {
    return PlanSample.executed(spec, episode, _ -> true);
  }

  private static boolean learned(RecordedPlans episode, long stamp) {
    return episode.driver(stamp) instanceof Driver.Learned;
  }

  private boolean pays(RecordedPlans episode, long nanos) {
    Map.Entry<Long, Integer> next = episode.stages().higherEntry(nanos);
    return next != null
        && next.getValue() > episode.stage(nanos)
        && next.getKey() - nanos <= horizonSeconds * SECOND_NANOS;
  }
}
