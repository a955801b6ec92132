package dev.forearm.launch.diagnose;

import dev.forearm.calibration.actuators.ActuatorIdentification;
import dev.forearm.launch.House;
import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.StepListener;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Plays a policy with each half as it is and replaced by one that knows, and with and without
 * adaptation, on the same starts. What has to be learned for that is learned from other starts.
 */
final class Crossing {
  private static final int IDENTIFIED_FROM = 10; // episodes
  private static final long LESSON_SEEDS = 1_000_003; // beyond those of the starts
  private static final double LESSON_PATIENCE_SECONDS = 13;
  private static final double LESSON_TAIL_SECONDS = 0.9;

  private final Robot robot;
  private final Path bundle;
  private final Task task;
  private final Gap gap;
  private final long seed;
  private final Path work;
  private final Consumer<String> told;

  /**
   * @param gap how the robot differs; without a difference nothing is adapted
   * @param seed of the starts
   * @param work an empty folder for episodes and bundles
   * @param told hears of what is played
   */
  Crossing(
      Robot robot, String bundle, Task task, Gap gap, long seed, Path work, Consumer<String> told) {
    this.robot = robot;
    this.bundle = House.bundle(bundle);
    this.task = task;
    this.gap = gap;
    this.seed = seed;
    this.work = work;
    this.told = told;
  }

  /**
   * Plays every combination.
   *
   * @param episodes of each
   * @param lessons episodes that the hindsight actor learns from
   * @param steps that it is trained for
   */
  List<Cell> cells(int episodes, int lessons, int steps) {
    List<Path> own = record(IDENTIFIED_FROM + lessons / 2, false);
    List<Path> all = new ArrayList<>(own);
    all.addAll(record(lessons - lessons / 2, true));
    List<RecordedPlans> plans = all.stream().map(file -> EpisodeReader.read(file, robot)).toList();
    List<Cell> cells = new ArrayList<>();
    List<Optional<ActuatorCalibration>> adaptations = new ArrayList<>();
    adaptations.add(Optional.empty());
    if (!gap.equals(Gap.none().startingFrom(gap.start()))) {
      adaptations.add(Optional.of(identify(own.subList(0, IDENTIFIED_FROM))));
    }
    for (Optional<ActuatorCalibration> servos : adaptations) {
      Path hindsight = work.resolve(servos.isPresent() ? "hindsight-adapted" : "hindsight");
      Hindsight.write(bundle, plans, servos, steps, seed, hindsight);
      for (Path actor : List.of(bundle, hindsight)) {
        for (boolean oracle : new boolean[] {false, true}) {
          boolean fitted = actor.equals(hindsight);
          cells.add(
              new Cell(
                  oracle, fitted, servos.isPresent(), play(actor, oracle, servos, gap, episodes)));
          told.accept(cells.getLast().name() + ": " + cells.getLast().success());
        }
      }
    }
    return cells;
  }

  /** The policy as it is on each part of the gap alone, the whole under {@code all}. */
  Map<String, Cell> parts(int episodes) {
    Map<String, Gap> gaps = new LinkedHashMap<>();
    gaps.put("none", Gap.none().startingFrom(gap.start()));
    for (Gap.Part part : Gap.Part.values()) {
      Gap only = gap.only(part);
      if (!gaps.containsValue(only)) {
        gaps.put(part.label(), only);
      }
    }
    gaps.put("all", gap);
    Map<String, Cell> parts = new LinkedHashMap<>();
    gaps.forEach((name, only) -> {
      Cell cell =
          new Cell(false, false, false, play(bundle, false, Optional.empty(), only, episodes));
      told.accept("gap '%s': %s".formatted(name, cell.success()));
      parts.put(name, cell);
    });
    return parts;
  }

  private ActuatorCalibration identify(List<Path> files) {
    Map<String, List<JointMotion>> motions =
        MotionReader.readEach(
            files,
            robot,
            fault -> {
              throw fault;
            });
    return ActuatorIdentification.of(
        robot, motions, Optional.empty(), LocalDate.now(ZoneOffset.UTC).toString());
  }

  private List<Path> record(int episodes, boolean oracle) {
    EpisodeHooks hooks =
        new EpisodeHooks(LESSON_PATIENCE_SECONDS, LESSON_TAIL_SECONDS, StepListener.NONE);
    Path folder = work.resolve(oracle ? "foreseen" : "own");
    try (Mind mind = mind(bundle, oracle, Optional.empty());
        LockstepRun run =
            new LockstepRun(robot, mind, task.label(), SimSettings.of(gap), Optional.of(folder))) {
      long other = seed + (oracle ? 2 : 1) * LESSON_SEEDS;
      return run.play(episodes, other, hooks, _ -> {}).stream()
          .map(result -> result.recording().orElseThrow().file())
          .toList();
    }
  }

  private List<EpisodeResult> play(
      Path actor, boolean oracle, Optional<ActuatorCalibration> servos, Gap on, int episodes) {
    try (Mind mind = mind(actor, oracle, servos);
        LockstepRun run =
            new LockstepRun(robot, mind, task.label(), SimSettings.of(on), Optional.empty())) {
      return run.play(episodes, seed, _ -> {});
    }
  }

  private Mind mind(Path actor, boolean oracle, Optional<ActuatorCalibration> servos) {
    Mind mind =
        oracle
            ? Mind.foreseen(actor.toString(), robot, new ProviderChoice.Cpu())
            : Mind.of(actor, robot);
    return servos.map(known -> mind.adapted(known, robot)).orElse(mind);
  }
}
