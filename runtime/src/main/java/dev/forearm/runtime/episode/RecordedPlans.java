package dev.forearm.runtime.episode;

import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.robot.ActuatorCalibration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

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
 *     exploration and the adaptation to servos added, exactly so where no joint range cut it; empty
 *     where the chunk was refused
 * @param drivers who made each chunk, by stamp; none in episodes of older versions
 * @param commands [joint] in command order, rad or m, by stamp of an observation: what was sent
 *     last at or before it; none before the arm was engaged, and none where the reader was not told
 *     of the robot
 * @param stages how many stages of the task are done, by the time of each change on the episode's
 *     clock; empty where nobody judged the task
 * @param explorations [joint] by stamp, rad or m: what exploration added to every action of a
 *     chunk, where it did
 */
public record RecordedPlans(
    String source,
    Map<String, String> info,
    Map<String, String> outcome,
    NavigableMap<Long, float[]> observations,
    NavigableMap<Long, float[]> imaginations,
    NavigableMap<Long, double[]> chunks,
    NavigableMap<Long, Driver> drivers,
    NavigableMap<Long, double[]> commands,
    NavigableMap<Long, Integer> stages,
    NavigableMap<Long, double[]> explorations) {

  /** One in which nothing was explored. */
  public RecordedPlans(
      String source,
      Map<String, String> info,
      Map<String, String> outcome,
      NavigableMap<Long, float[]> observations,
      NavigableMap<Long, float[]> imaginations,
      NavigableMap<Long, double[]> chunks,
      NavigableMap<Long, Driver> drivers,
      NavigableMap<Long, double[]> commands,
      NavigableMap<Long, Integer> stages) {
    this(
        source,
        info,
        outcome,
        observations,
        imaginations,
        chunks,
        drivers,
        commands,
        stages,
        Collections.emptyNavigableMap());
  }

  /** The task that was played; empty if the file does not say. */
  public String task() {
    return info.getOrDefault("task", "");
  }

  /** The servos that the policy was adapted to: commands are what brought its wishes about. */
  public Optional<ActuatorCalibration> actuators() {
    return Optional.ofNullable(info.get(EpisodeInfo.ACTUATORS))
        .map(text -> ActuatorCalibration.parse(text, source));
  }

  /** Who made the chunk of a stamp. */
  public Driver driver(long stampNanos) {
    return drivers.getOrDefault(stampNanos, new Driver.Unknown());
  }

  /** How many stages were done at a time; 0 where nobody judged the task. */
  public int stage(long nanos) {
    Map.Entry<Long, Integer> entry = stages.floorEntry(nanos);
    return entry == null ? 0 : entry.getValue();
  }

  /** Whether the task was done. */
  public boolean succeeded() {
    return EpisodeOutcome.Result.SUCCESS
        .name()
        .toLowerCase(Locale.ROOT)
        .equals(outcome.get("result"));
  }
}
