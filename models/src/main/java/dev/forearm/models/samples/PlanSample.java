package dev.forearm.models.samples;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One step: what was seen, what it led to and what was planned from it, in physical units.
 *
 * @param observation [feature]
 * @param frames [frame][imagined feature], row-major: what was seen at the frames' steps later
 * @param chunk [step][joint], row-major, rad or m
 */
@SuppressWarnings("ArrayRecordComponent") // numbers on their way into one array
public record PlanSample(float[] observation, float[] frames, double[] chunk) {

  /**
   * The samples in an episode, in order, of some drivers.
   *
   * <p>Neither another's chunk nor frames that reach into another's turn are samples. Left out as
   * well is what was refused, and whatever has a gap in its horizon: two observations more than
   * half a period from where they should be. An episode stands still past its end, but for its very
   * last steps, from which there is nothing to imagine.
   *
   * @param who whose steps are wanted; a chunk of an unknown driver that came with an imagination
   *     is some policy's, and is never wanted
   */
  public static List<PlanSample> of(PolicySpec spec, RecordedPlans episode, Predicate<Driver> who) {
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    int[] imagined = spec.placesOf(spec.imagined());
    int first = spec.frameSteps().getFirst();
    int last = spec.frameSteps().getLast();
    List<PlanSample> samples = new ArrayList<>();
    for (int i = 0; i < stamps.size(); i++) {
      List<Long> horizon = stamps.subList(i, Math.min(stamps.size(), i + last + 1));
      double[] chunk = episode.chunks().get(stamps.get(i));
      if (horizon.size() > first
          && chunk != null
          && chunk.length == spec.chunkSteps() * spec.joints().size()
          && horizon.stream().allMatch(stamp -> isBy(who, episode, stamp))
          && regular(horizon, spec.periodNanos())) {
        float[] frames = new float[spec.frameSteps().size() * imagined.length];
        int at = 0;
        for (int step : spec.frameSteps()) {
          float[] seen = values(episode, horizon.get(Math.min(step, horizon.size() - 1)), spec);
          for (int place : imagined) {
            frames[at++] = seen[place];
          }
        }
        samples.add(new PlanSample(values(episode, stamps.get(i), spec), frames, chunk));
      }
    }
    return samples;
  }

  private static boolean isBy(Predicate<Driver> who, RecordedPlans episode, long stamp) {
    Driver driver = episode.driver(stamp);
    boolean somePolicy =
        driver instanceof Driver.Unknown && episode.imaginations().containsKey(stamp);
    return who.test(driver) && !somePolicy;
  }

  private static boolean regular(List<Long> horizon, long periodNanos) {
    for (int k = 0; k < horizon.size(); k++) {
      long late = horizon.get(k) - horizon.getFirst() - k * periodNanos;
      if (2 * Math.abs(late) > periodNanos) {
        return false;
      }
    }
    return true;
  }

  private static float[] values(RecordedPlans episode, long stamp, PolicySpec spec) {
    float[] values = episode.observations().getOrDefault(stamp, new float[0]);
    if (values.length != spec.observationWidth()) {
      throw new ModelsFault(
          "read samples of %s: observations have %s values, wanted %s; it was recorded with another robot file or version"
              .formatted(episode.source(), values.length, spec.observationWidth()));
    }
    return values;
  }
}
