package dev.forearm.launch.learn;

import dev.forearm.calibration.actuators.ActuatorIdentification;
import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.StepListener;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.policy.Retry;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.gap.Gap;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One simulated robot with one task and one gap, on which policies are played in lockstep: to learn
 * from, to be compared, to be counted.
 *
 * @param actuators what was found out of its servos
 */
record Practice(Robot robot, Task task, Gap gap, Optional<ActuatorCalibration> actuators) {
  private static final double TAIL_SECONDS = 0.9; // 16 steps of 50 ms are imagined

  private static final int IDENTIFYING_EPISODES = 10;

  /** A robot of which nothing is known yet, on which chunks go on for as long as a method wants. */
  static Practice of(Method method, Robot robot, Task task, Gap gap) {
    int skipSteps = method.practice().skipSteps();
    Robot patient =
        skipSteps == 0
            ? robot
            : robot.responding(robot.foresight().map(usual -> usual.skipping(skipSteps)));
    return new Practice(patient, task, gap, Optional.empty());
  }

  /** The same robot once its servos were identified, from episodes of a policy on it. */
  Practice identified(Path bundle, long seed, Path folder) {
    try (Mind mind = Mind.of(bundle, robot);
        LockstepRun run = run(mind, Optional.of(folder))) {
      run.play(IDENTIFYING_EPISODES, seed, _ -> {});
    }
    Map<String, List<JointMotion>> motions =
        MotionReader.readEach(
            EpisodeReader.files(folder),
            robot,
            fault -> {
              throw fault;
            });
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    return knowing(ActuatorIdentification.of(robot, motions, Optional.empty(), today));
  }

  /** The same robot, of whose servos so much is known. */
  Practice knowing(ActuatorCalibration servos) {
    return new Practice(robot, task, gap, Optional.of(servos));
  }

  /**
   * Plays as a method wants it, and records; in the first episodes a teacher takes over.
   *
   * @param demonstrations of the task, read with their commands, for a teacher made of them
   * @param exploration of the others
   */
  List<EpisodeResult> record(
      Path bundle,
      Method.PracticeSettings how,
      List<RecordedPlans> demonstrations,
      Optional<Exploration> exploration,
      long seed,
      Path folder,
      Consumer<EpisodeResult> told) {
    int coached = (int) Math.round(how.coachedShare() * how.episodes());
    List<EpisodeResult> results = new ArrayList<>();
    if (coached > 0) {
      Mind mind =
          adapted(
              switch (how.teacher()) {
                case EXPERT -> Mind.coached(bundle, task, robot, seed);
                case DEMONSTRATIONS -> Mind.coached(bundle, demonstrations, robot, seed);
              });
      results.addAll(record(mind, how, coached, seed, folder, told));
    }
    if (coached < how.episodes()) {
      Mind helped = retrying(adapted(Mind.of(bundle, robot)), how.retrySeconds());
      Mind mind = exploration.map(helped::exploring).orElse(helped);
      results.addAll(record(mind, how, how.episodes() - coached, seed + 1, folder, told));
    }
    return results;
  }

  private List<EpisodeResult> record(
      Mind driver,
      Method.PracticeSettings how,
      int episodes,
      long seed,
      Path folder,
      Consumer<EpisodeResult> told) {
    EpisodeHooks hooks = new EpisodeHooks(how.patienceSeconds(), TAIL_SECONDS, StepListener.NONE);
    try (Mind mind = driver;
        LockstepRun run = run(mind, Optional.of(folder))) {
      return run.play(episodes, seed, hooks, told);
    }
  }

  /**
   * Plays a policy as it would be deployed: which starts it succeeded from, and how far it came.
   *
   * @param retrySeconds as {@link Method.PracticeSettings}
   * @param told of each episode as it ends
   */
  List<EpisodeResult> play(
      Path bundle, double retrySeconds, int episodes, long seed, Consumer<EpisodeResult> told) {
    try (Mind mind = retrying(adapted(Mind.of(bundle, robot)), retrySeconds);
        LockstepRun run = run(mind, Optional.empty())) {
      return run.play(episodes, seed, told);
    }
  }

  private LockstepRun run(Mind mind, Optional<Path> folder) {
    return new LockstepRun(robot, mind, task.label(), SimSettings.of(gap), folder);
  }

  private Mind retrying(Mind mind, double seconds) {
    return seconds == 0 ? mind : mind.retrying(Retry.after(seconds), robot);
  }

  private Mind adapted(Mind mind) {
    return actuators.map(known -> mind.adapted(known, robot)).orElse(mind);
  }
}
