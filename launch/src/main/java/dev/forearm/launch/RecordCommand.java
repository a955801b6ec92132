package dev.forearm.launch;

import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm record}. */
@Command(
    name = "record",
    mixinStandardHelpOptions = true,
    description = {
      "Record demonstrations: the scripted expert plays the task in lockstep, through the same",
      "runtime as every policy, one MCAP file per episode.",
      "Exits 0 when all episodes were played and recorded whole; each file says how it ended."
    })
final class RecordCommand implements Callable<Integer> {
  private static final String ROBOT = "tabletop";

  /** Past success, so that what followed the last decisions is in the file: 16 steps of 50 ms. */
  private static final double TAIL_SECONDS = 0.9;

  /** Which part of the start states is demonstrated. */
  enum Starts {
    ALL(1.0),
    HALF(0.5);

    private final double coverage;

    Starts(double coverage) {
      this.coverage = coverage;
    }
  }

  @Mixin private Output output;
  @Mixin private TaskOptions asked;
  @Mixin private LearnerOptions learner;
  @Mixin private ActuatorOptions actuators;
  @Mixin private RegraspOption regrasp;

  @Option(
      names = "--episodes",
      defaultValue = "10",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int episodes;

  @Option(names = "--out", required = true, description = "Folder for the episode files.")
  private Path out;

  @Option(
      names = "--starts",
      defaultValue = "ALL",
      description = "Part of the start states to demonstrate: all or half (the near one).")
  private Starts starts;

  @Option(
      names = "--noise",
      description = "Push the arm about, so that the expert shows how to come back.")
  private boolean noise;

  @Option(
      names = "--push",
      description = "As --noise, with this standard deviation of each joint, rad.")
  private @Nullable Double push;

  @Option(names = "--cameras", description = "Record what the cameras see as well.")
  private boolean cameras;

  @Option(
      names = "--student",
      description = {
        "A bundle that drives by turns with the expert, which takes over wherever that led.",
        "What the student planned carries an imagination and is no demonstration."
      })
  private @Nullable Path student;

  @Option(
      names = "--teacher",
      arity = "1..*",
      paramLabel = "DIR",
      description = {
        "Demonstrations that drive in the expert's place, carried over to where things are,",
        "alone or by turns with the student."
      })
  private List<Path> teacher = List.of();

  @Override
  public Integer call() {
    Robot robot = House.robot(ROBOT);
    Task wanted = asked.task();
    Gap gap = asked.gap();
    gap = gap.startingFrom(gap.start().covering(starts.coverage));
    Disturbance disturbance = noise ? Disturbance.OF_DEMONSTRATIONS : Disturbance.NONE;
    if (push != null) {
      disturbance = new Disturbance(push, Disturbance.OF_DEMONSTRATIONS.correlationSeconds());
    }
    SimSettings settings = new SimSettings(gap, disturbance, false);
    EpisodeHooks hooks = learner.hooks(TAIL_SECONDS);
    Mind shown = regrasp.of(actuators.adapted(teacher(wanted, robot), robot), robot);
    try (Mind expert = learner.practising(shown, robot, asked.seed());
        LockstepRun run =
            new LockstepRun(robot, expert, wanted.label(), settings, Optional.of(out))) {
      if (cameras) {
        run.openCameras();
      }
      List<EpisodeResult> results;
      try (EpisodeProgress progress = new EpisodeProgress(wanted.label(), episodes)) {
        results = run.play(TaskOptions.episodes(episodes), asked.seed(), hooks, progress::played);
      }
      Map<String, Object> report = report(results, run);
      report.forEach((key, value) -> System.out.printf("%-16s %s%n", key, value));
      output.write(report);
      boolean whole =
          results.stream().allMatch(r -> r.recording().filter(EpisodeReport::complete).isPresent());
      return whole ? 0 : 1;
    }
  }

  private Mind teacher(Task wanted, Robot robot) {
    if (student == null) {
      return teacher.isEmpty()
          ? Mind.expert(wanted, robot)
          : Mind.demonstrated(demonstrations(wanted, robot), wanted, robot);
    }
    return teacher.isEmpty()
        ? Mind.coached(student, wanted, robot, asked.seed())
        : Mind.coached(student, demonstrations(wanted, robot), robot, asked.seed());
  }

  private List<RecordedPlans> demonstrations(Task wanted, Robot robot) {
    return teacher.stream()
        .flatMap(place -> EpisodeReader.files(place).stream())
        .map(file -> EpisodeReader.read(file, robot))
        .filter(episode -> episode.task().equals(wanted.label()))
        .toList();
  }

  private Map<String, Object> report(List<EpisodeResult> results, LockstepRun run) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("task", asked.task().label());
    report.put("gap", asked.gapName());
    report.put("seed", asked.seed());
    report.put("episodes", results.size());
    report.put("successes", results.stream().filter(EpisodeResult::success).count());
    report.put("realtime_factor", run.realtimeFactor());
    report.put("trace_sha256", run.traceSha256());
    report.put("folder", out.toAbsolutePath().toString());
    report.put(
        "dropped_messages",
        results.stream()
            .flatMap(result -> result.recording().stream())
            .flatMap(recording -> recording.dropped().values().stream())
            .mapToLong(Long::longValue)
            .sum());
    return report;
  }
}
