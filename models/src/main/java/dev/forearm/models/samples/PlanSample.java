package dev.forearm.models.samples;

import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
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
   * <p>A person has no chunks: theirs are the commands that were executed, if the episode was read
   * with them and does not end within the chunk.
   *
   * @param who whose steps are wanted; a chunk of an unknown driver that came with an imagination
   *     is some policy's, and is never wanted
   */
  public static List<PlanSample> of(PolicySpec spec, RecordedPlans episode, Predicate<Driver> who) {
    EpisodeSteps steps = new EpisodeSteps(spec, episode);
    int first = spec.frameSteps().getFirst();
    int last = spec.frameSteps().getLast();
    List<PlanSample> samples = new ArrayList<>();
    for (int i = 0; i < steps.count(); i++) {
      List<Long> horizon = steps.horizon(i, last);
      double[] chunk =
          episode.driver(horizon.getFirst()) instanceof Driver.Human
              ? steps.executedChunk(i)
              : episode.chunks().get(horizon.getFirst());
      if (horizon.size() > first
          && chunk != null
          && chunk.length == spec.chunkSteps() * spec.joints().size()
          && horizon.stream().allMatch(stamp -> isBy(who, episode, stamp))
          && regular(horizon, spec.periodNanos())) {
        samples.add(new PlanSample(steps.seen(horizon.getFirst()), steps.frames(horizon), chunk));
      }
    }
    return samples;
  }

  /**
   * The samples of what an arm really did, in order: with the chunk that was executed in place of
   * the one that was planned, since a chunk is replaced after one of its steps. Left out is
   * whatever has a gap in its horizon, or not the whole of it.
   *
   * @param episode read with its commands
   * @param wanted by the stamp of the observation
   */
  public static List<PlanSample> executed(
      PolicySpec spec, RecordedPlans episode, LongPredicate wanted) {
    EpisodeSteps steps = new EpisodeSteps(spec, episode);
    int last = Math.max(spec.frameSteps().getLast(), spec.chunkSteps());
    List<PlanSample> samples = new ArrayList<>();
    for (int i = 0; i + last < steps.count(); i++) {
      List<Long> horizon = steps.horizon(i, last);
      if (wanted.test(horizon.getFirst())
          && episode.commands().keySet().containsAll(horizon)
          && regular(horizon, spec.periodNanos())) {
        samples.add(
            new PlanSample(
                steps.seen(horizon.getFirst()), steps.frames(horizon), steps.executedChunk(i)));
      }
    }
    return samples;
  }

  /**
   * What was seen at the frames' steps after a step, by its stamp; empty where its whole future is
   * not there.
   */
  public static LongFunction<Optional<float[]>> followed(PolicySpec spec, RecordedPlans episode) {
    EpisodeSteps steps = new EpisodeSteps(spec, episode);
    int last = spec.frameSteps().getLast();
    return stamp -> {
      List<Long> horizon =
          episode.observations().tailMap(stamp, true).keySet().stream().limit(last + 1L).toList();
      return horizon.size() > last && regular(horizon, spec.periodNanos())
          ? Optional.of(steps.frames(horizon))
          : Optional.empty();
    };
  }

  /**
   * The samples of what a policy imagined and planned, in order, whatever came of it.
   *
   * @param wanted by the stamp of the observation
   */
  public static List<PlanSample> imagined(
      PolicySpec spec, RecordedPlans episode, LongPredicate wanted) {
    EpisodeSteps steps = new EpisodeSteps(spec, episode);
    List<PlanSample> samples = new ArrayList<>();
    episode
        .imaginations()
        .forEach((stamp, frames) -> {
          double[] chunk = episode.chunks().get(stamp);
          if (wanted.test(stamp)
              && chunk != null
              && chunk.length == spec.chunkSteps() * spec.joints().size()) {
            samples.add(new PlanSample(steps.seen(stamp), frames, chunk));
          }
        });
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
}
