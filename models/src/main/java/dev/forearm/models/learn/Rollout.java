package dev.forearm.models.learn;

import dev.forearm.models.samples.PlanSample;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What a policy that strayed did in one episode.
 *
 * @param decisions its plans, in order
 */
public record Rollout(List<Decision> decisions) {
  public Rollout {
    decisions = List.copyOf(decisions);
  }

  /**
   * One plan, and what came of it before the next.
   *
   * @param sample what was seen, what was imagined in place of what followed, and the chunk before
   *     it strayed
   * @param strayed [joint], rad or m, in every action of the chunk
   * @param followed [frame][feature], physical units; empty where the episode ends before
   * @param stages done until the next
   * @param steps policy steps until the next
   */
  @SuppressWarnings("ArrayRecordComponent") // numbers on their way into one array
  public record Decision(
      PlanSample sample, double[] strayed, Optional<float[]> followed, int stages, int steps) {}

  /** That of an episode; plans that did not stray are nobody's decisions. */
  public static Rollout of(PolicySpec spec, RecordedPlans episode) {
    List<Long> stamps = new ArrayList<>(episode.explorations().keySet());
    stamps.removeIf(stamp -> !decided(spec, episode, stamp));
    long end = episode.observations().lastKey();
    LongFunction<Optional<float[]>> followed = PlanSample.followed(spec, episode);
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < stamps.size(); i++) {
      long stamp = stamps.get(i);
      boolean last = i + 1 == stamps.size();
      long until = last ? end : stamps.get(i + 1);
      PlanSample sample =
          new PlanSample(
              episode.observations().getOrDefault(stamp, new float[0]),
              episode.imaginations().getOrDefault(stamp, new float[0]),
              episode.chunks().getOrDefault(stamp, new double[0]));
      decisions.add(
          new Decision(
              sample,
              episode.explorations().getOrDefault(stamp, new double[0]),
              followed.apply(stamp),
              episode.stage(last ? Long.MAX_VALUE : until) - episode.stage(stamp),
              (int) Math.max(1, Math.round((double) (until - stamp) / spec.periodNanos()))));
    }
    return new Rollout(decisions);
  }

  private static boolean decided(PolicySpec spec, RecordedPlans episode, long stamp) {
    double[] chunk = episode.chunks().get(stamp);
    return episode.driver(stamp) instanceof Driver.Learned
        && episode.imaginations().containsKey(stamp)
        && episode.observations().containsKey(stamp)
        && chunk != null
        && chunk.length == spec.chunkSteps() * spec.joints().size();
  }
}
