package dev.forearm.launch.foresight;

import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.ExecutedCommands;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.StepListener;
import dev.forearm.launch.session.TaskState;
import dev.forearm.runtime.foresight.ForesightCalibration;
import dev.forearm.runtime.inference.InferenceStatistics;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.scene.Fault;
import dev.forearm.sim.scene.Tabletop;
import dev.forearm.sim.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plays episodes in lockstep and watches their foresight. */
final class WatchedRun implements AutoCloseable {
  private static final double SHUT = 0.008; // m, a finger's opening: there is no cube between

  private final Mind mind;
  private final Task task;
  private final LockstepRun run;
  private final int finger; // its place in an observation

  /**
   * How an episode went.
   *
   * @param clean what a fault's time is drawn from
   * @param plans forward passes
   * @param faultSeconds when something went wrong, NaN if nothing did; s from the first plan, as
   *     all times here
   * @param alarmSeconds when both channels first exceeded their limits after that, or at all; NaN:
   *     never
   * @param failureSeconds of an episode that did not succeed: when after the fault the fingers
   *     first closed on nothing with a cube still to be moved, or else its end
   */
  record Watched(
      boolean success,
      CleanRun clean,
      int plans,
      double faultSeconds,
      double alarmSeconds,
      double failureSeconds) {
    boolean alarmed() {
      return !Double.isNaN(alarmSeconds);
    }
  }

  /**
   * @param mind stays the caller's
   */
  WatchedRun(Robot robot, Mind mind) {
    this.mind = mind;
    task = Task.named(mind.task());
    run = new LockstepRun(robot, mind, mind.task(), SimSettings.of(Gap.none()), Optional.empty());
    finger =
        mind.policy().spec().placesOfSource(new Source.JointPosition())[Tabletop.JOINTS.size() - 1];
  }

  Task task() {
    return task;
  }

  Watched play(long seed, List<Fault> faults) {
    return play(seed, faults, Optional.empty());
  }

  /** Adds an episode to a calibration if it succeeds. */
  Watched calibrate(long seed, ForesightCalibration calibration) {
    return play(seed, List.of(), Optional.of(calibration));
  }

  private Watched play(long seed, List<Fault> faults, Optional<ForesightCalibration> calibration) {
    Notes notes = new Notes();
    EpisodeResult result = run.play(seed, EpisodeHooks.NONE.heardBy(notes), faults);
    if (result.success()) {
      calibration.ifPresent(notes::teach);
    }
    while (notes.stageSeconds.size() < result.stage()) {
      notes.stageSeconds.add(result.seconds());
    }
    double fault = run.faultSeconds();
    double from = Double.isNaN(fault) ? 0 : fault;
    return new Watched(
        result.success(),
        new CleanRun(seed, notes.stageSeconds, result.seconds()),
        notes.seen.size(),
        fault,
        first(notes.alarms, from, Double.NaN),
        result.success() ? Double.NaN : first(notes.shut, from, result.seconds()));
  }

  private static double first(List<Double> times, double from, double otherwise) {
    return times.stream().filter(time -> time >= from).findFirst().orElse(otherwise);
  }

  @Override
  public void close() {
    run.close();
  }

  private final class Notes implements StepListener {
    final List<Observation> seen = new ArrayList<>();
    final List<float[]> imagined = new ArrayList<>();
    final List<Double> stageSeconds = new ArrayList<>();
    final List<Double> alarms = new ArrayList<>();
    final List<Double> shut = new ArrayList<>();
    private final int lastCubeStage = task.stages().size() - 1;

    @Override
    public void stepped(
        Observation observation, Plan plan, TaskState state, ExecutedCommands sent) {
      Observation copy = new Observation(mind.policy().spec());
      System.arraycopy(observation.values(), 0, copy.values(), 0, copy.values().length);
      copy.at(observation.stampNanos(), observation.originNanos());
      if (!seen.isEmpty() && isAlarmed(run.inference())) { // what was found one plan before
        alarms.add(seconds(seen.getLast()));
      }
      seen.add(copy);
      imagined.add(plan.imagined().clone());
      while (stageSeconds.size() < state.stage()) {
        stageSeconds.add(seconds(copy));
      }
      if (state.stage() < lastCubeStage && copy.values()[finger] < SHUT) {
        shut.add(seconds(copy));
      }
    }

    void teach(ForesightCalibration calibration) {
      calibration.begin();
      for (int step = 0; step < seen.size(); step++) {
        calibration.add(seen.get(step), imagined.get(step));
      }
    }

    private double seconds(Observation observation) {
      return (observation.stampNanos() - seen.getFirst().stampNanos()) * 1e-9;
    }

    private static boolean isAlarmed(InferenceStatistics found) {
      return found.realised() > 1 && found.spread() > 1;
    }
  }
}
