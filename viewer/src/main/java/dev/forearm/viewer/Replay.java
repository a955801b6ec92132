package dev.forearm.viewer;

import dev.forearm.ros.robot.Moment;
import dev.forearm.ros.robot.RecordedMoments;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.viewer.replay.Marks;
import dev.forearm.viewer.replay.Pictures;
import dev.forearm.viewer.replay.Playback;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An episode that somebody goes through: shows the moment at which its playback is to the same
 * model that looks at a robot that runs. Going back starts a new model, with the seconds before.
 */
final class Replay implements AutoCloseable {
  private static final long BEFORE_NANOS = 16_000_000_000L; // what plots show

  private final Robot robot;
  private final String title;
  private final String name;
  private final String outcome;
  private final McapReader reader;
  private final RecordedMoments moments;
  private final PolicySpec spec;
  private final Playback playback;
  private final Marks marks;
  private final List<RecordedCamera> cameras;
  private @Nullable LiveModel model;
  private ForesightTap tap;
  private Telemetry telemetry;
  private long shownNanos;

  /**
   * Reads an episode but for its pictures.
   *
   * @param clock by which it plays
   * @throws dev.forearm.runtime.RuntimeFault if it cannot be read
   */
  Replay(ViewedEpisode episode, Clock clock) {
    Path file = episode.file();
    robot = episode.robot();
    name = String.valueOf(file.getFileName());
    marks = new Marks(file);
    reader = McapReader.open(file);
    try {
      moments = RecordedMoments.read(reader, robot);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
    Map<String, String> info = reader.metadata(EpisodeInfo.RECORD);
    title = info.isEmpty() ? robot.name() : info.get("task") + " with " + info.get("bundle");
    outcome = reader.metadata(EpisodeOutcome.RECORD).getOrDefault("result", "nobody knows what");
    spec = episode.spec().filter(this::fits).orElse(blind(robot));
    tap = new ForesightTap(spec);
    playback = new Playback(moments.startNanos(), moments.endNanos(), moments.steps(), clock);
    Pictures pictures = new Pictures(reader, robot.topics().images());
    cameras =
        robot.topics().images().stream()
            .map(topic -> new RecordedCamera(pictures, playback, topic))
            .toList();
    telemetry = telemetry(moments.at(playback.nanos()));
  }

  Robot robot() {
    return robot;
  }

  Playback playback() {
    return playback;
  }

  Marks marks() {
    return marks;
  }

  List<RecordedCamera> cameras() {
    return cameras;
  }

  /** What the arm was allowed to do at a time on the episode's clock. */
  Optional<SafetyState> stateAt(long nanos) {
    return moments.at(nanos).state();
  }

  /** Lets the playback go on; what is to be drawn then. */
  LiveModel turn() {
    playback.turn();
    long to = playback.nanos();
    LiveModel shown = model;
    if (shown == null || to < shownNanos || to - shownNanos > BEFORE_NANOS) {
      tap = new ForesightTap(spec);
      shown = new LiveModel(robot, tap, () -> telemetry);
      model = shown;
      shownNanos = to - BEFORE_NANOS;
    }
    for (long step : moments.steps().subSet(shownNanos, false, to, false)) {
      show(step, shown);
    }
    show(to, shown);
    shownNanos = to;
    return shown;
  }

  @Override
  public void close() {
    reader.close();
  }

  private void show(long nanos, LiveModel to) {
    Moment moment = moments.at(nanos);
    telemetry = telemetry(moment);
    if (moment.measured().isPresent()) {
      Observation observation = new Observation(spec.observationWidth());
      observation.at(nanos, nanos);
      moment
          .observation()
          .filter(seen -> seen.values().length == spec.observationWidth())
          .ifPresent(seen -> {
            System.arraycopy(seen.values(), 0, observation.values(), 0, seen.values().length);
            observation.at(seen.nanos(), seen.nanos());
          });
      tap.observed(observation);
    }
    Plan plan = new Plan(spec);
    moment
        .imagination()
        .filter(seen -> seen.values().length == plan.imagined().length)
        .ifPresent(seen -> {
          System.arraycopy(seen.values(), 0, plan.imagined(), 0, seen.values().length);
          plan.imagines(true);
          Observation origin = new Observation(spec.observationWidth());
          origin.at(seen.nanos(), seen.nanos());
          tap.planned(origin, plan);
        });
    to.update();
  }

  private Telemetry telemetry(Moment moment) {
    double[] measured = moment.measured().orElse(new double[robot.jointCount()]);
    return new Telemetry(
        title,
        name,
        new ControlSnapshot(
            moment.nanos(),
            moment.measured().isPresent() ? 1 : 0,
            moment.state().orElse(SafetyState.IDLE),
            moment.reason(),
            "",
            0,
            false,
            moment.command().orElse(measured),
            new double[robot.jointCount()],
            measured),
        new Telemetry.Foresight(moment.realised(), moment.spread()),
        Optional.empty(),
        new Telemetry.Task(
            "driven by " + moment.driver().shortText(),
            moment.task().map(Moment.Task::stage).orElse("nobody judged the task"),
            moment.task().map(Moment.Task::done).orElse(0),
            moment.task().map(Moment.Task::stages).orElse(0)),
        "ended in " + outcome,
        moment.objects().entrySet().stream()
            .map(object -> new Telemetry.SeenObject(object.getKey(), object.getValue()))
            .toList());
  }

  /** Whether what the episode holds can be of such a policy. */
  private boolean fits(PolicySpec known) {
    return moments.steps().isEmpty()
        || moments
            .at(moments.steps().first())
            .observation()
            .filter(seen -> seen.values().length == known.observationWidth())
            .isPresent();
  }

  /** A policy of which nothing is known. */
  private static PolicySpec blind(Robot robot) {
    return new PolicySpec(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        robot.jointNames(),
        1,
        robot.policyPeriodNanos());
  }
}
