package dev.forearm.runtime.episode;

import dev.forearm.runtime.policy.Driver;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;

/**
 * What a policy saw, imagined and planned in one recorded episode. Stamps are those of the
 * observation that a plan was made from, in nanoseconds of the episode's clock.
 *
 * @param source the file, for messages
 * @param info metadata record {@link EpisodeInfo#RECORD}
 * @param outcome metadata record {@link EpisodeOutcome#RECORD}
 * @param observations [feature] by stamp, physical units
 * @param imaginations [frame][feature] by stamp, physical units; only of policies that imagine
 * @param chunks [step][joint] by stamp, rad or m, as the policy chose them: without what
 *     exploration added, exactly so where no joint range cut it; empty where the chunk was refused
 * @param drivers who made each chunk, by stamp; none in episodes of older versions
 */
public record RecordedPlans(
    String source,
    Map<String, String> info,
    Map<String, String> outcome,
    NavigableMap<Long, float[]> observations,
    NavigableMap<Long, float[]> imaginations,
    NavigableMap<Long, double[]> chunks,
    NavigableMap<Long, Driver> drivers) {

  /** The task that was played; empty if the file does not say. */
  public String task() {
    return info.getOrDefault("task", "");
  }

  /** Who made the chunk of a stamp. */
  public Driver driver(long stampNanos) {
    return drivers.getOrDefault(stampNanos, new Driver.Unknown());
  }

  /** Whether the task was done. */
  public boolean succeeded() {
    return EpisodeOutcome.Result.SUCCESS
        .name()
        .toLowerCase(Locale.ROOT)
        .equals(outcome.get("result"));
  }
}
