package dev.forearm.models.samples;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    int first = spec.frameSteps().getFirst();
    int last = spec.frameSteps().getLast();
    List<PlanSample> samples = new ArrayList<>();
    for (int i = 0; i < stamps.size(); i++) {
      List<Long> horizon = stamps.subList(i, Math.min(stamps.size(), i + last + 1));
      double[] chunk =
          episode.driver(stamps.get(i)) instanceof Driver.Human
              ? executedChunk(spec, episode, stamps, i)
              : episode.chunks().get(stamps.get(i));
      if (horizon.size() > first
          && chunk != null
          && chunk.length == spec.chunkSteps() * spec.joints().size()
          && horizon.stream().allMatch(stamp -> isBy(who, episode, stamp))
          && regular(horizon, spec.periodNanos())) {
        float[] seen = values(episode, stamps.get(i), spec);
        samples.add(new PlanSample(seen, frames(spec, episode, horizon), chunk));
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
    List<Long> stamps = new ArrayList<>(episode.observations().keySet());
    int last = Math.max(spec.frameSteps().getLast(), spec.chunkSteps());
    List<PlanSample> samples = new ArrayList<>();
    for (int i = 0; i + last < stamps.size(); i++) {
      List<Long> horizon = stamps.subList(i, i + last + 1);
      if (wanted.test(horizon.getFirst())
          && episode.commands().keySet().containsAll(horizon)
          && regular(horizon, spec.periodNanos())) {
        double[] chunk = executedChunk(spec, episode, stamps, i);
        float[] seen = values(episode, horizon.getFirst(), spec);
        samples.add(new PlanSample(seen, frames(spec, episode, horizon), chunk));
      }
    }
    return samples;
  }

  /** What was seen at the frames' steps after a step; empty where its whole future is not there. */
  public static Optional<float[]> followed(PolicySpec spec, RecordedPlans episode, long stamp) {
    int last = spec.frameSteps().getLast();
    List<Long> horizon =
        episode.observations().tailMap(stamp, true).keySet().stream().limit(last + 1L).toList();
    return horizon.size() > last && regular(horizon, spec.periodNanos())
        ? Optional.of(frames(spec, episode, horizon))
        : Optional.empty();
  }

  /** What was commanded in the steps after one; cut off where no command is known. */
  private static double[] executedChunk(
      PolicySpec spec, RecordedPlans episode, List<Long> stamps, int from) {
    int joints = spec.joints().size();
    double[] chunk = new double[spec.chunkSteps() * joints];
    for (int step = 0; step < spec.chunkSteps(); step++) { // due one period after the other
      double[] command =
          from + step + 1 < stamps.size()
              ? episode.commands().get(stamps.get(from + step + 1))
              : null;
      if (command == null) {
        return Arrays.copyOf(chunk, step * joints);
      }
      System.arraycopy(command, 0, chunk, step * joints, joints);
    }
    episode.actuators().ifPresent(servos -> servos.toPositions(chunk));
    return chunk;
  }

  /**
   * The samples of what a policy imagined and planned, in order, whatever came of it.
   *
   * @param wanted by the stamp of the observation
   */
  public static List<PlanSample> imagined(
      PolicySpec spec, RecordedPlans episode, LongPredicate wanted) {
    List<PlanSample> samples = new ArrayList<>();
    episode
        .imaginations()
        .forEach((stamp, frames) -> {
          double[] chunk = episode.chunks().get(stamp);
          if (wanted.test(stamp)
              && chunk != null
              && chunk.length == spec.chunkSteps() * spec.joints().size()) {
            samples.add(new PlanSample(values(episode, stamp, spec), frames, chunk));
          }
        });
    return samples;
  }

  /** What was seen at the frames' steps; at the horizon's end where it is shorter. */
  private static float[] frames(PolicySpec spec, RecordedPlans episode, List<Long> horizon) {
    int[] imagined = spec.placesOf(spec.imagined());
    float[] frames = new float[spec.frameSteps().size() * imagined.length];
    int at = 0;
    for (int step : spec.frameSteps()) {
      float[] seen = values(episode, horizon.get(Math.min(step, horizon.size() - 1)), spec);
      for (int place : imagined) {
        frames[at++] = seen[place];
      }
    }
    return frames;
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
