package dev.forearm.launch.learn;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.learn.ChoiceSettings;
import dev.forearm.models.learn.ChoiceTraining;
import dev.forearm.models.learn.Improvement;
import dev.forearm.models.learn.Straying;
import dev.forearm.models.learn.TrainingListener;
import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.models.policy.ForesightReplay;
import dev.forearm.models.train.Pace;
import dev.forearm.runtime.foresight.ForesightCalibration;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Makes bundles as a method wants them: trained, and where their chunks are to go on while
 * foresight agrees, with a foresight that is calibrated on the demonstrations. One thread.
 */
final class CandidateMaker {
  private static final double FALSE_STOPS = 0.05;

  private final Method method;
  private final Robot robot;
  private final Lessons lessons;
  private final Pace pace;
  private final TrainingListener listener;

  /**
   * @param listener told of each training step
   */
  CandidateMaker(
      Method method, Robot robot, Lessons lessons, Pace pace, TrainingListener listener) {
    this.method = method;
    this.robot = robot;
    this.lessons = lessons;
    this.pace = pace;
    this.listener = listener;
  }

  /**
   * Trains a candidate on all lessons so far.
   *
   * @param player who played last
   * @param work for what is unfinished; killed and called again, it goes on from there
   * @param candidate where it is written, complete or not at all
   */
  void make(
      Bundle parent,
      Bundle player,
      long seed,
      Path work,
      Path candidate,
      Map<String, String> madeBy) {
    Optional<ChoiceSettings> choice = method.learner().choice();
    Path chosen = foresees() ? work.resolve("candidate") : candidate;
    Path trained = choice.isPresent() ? work.resolve("trained") : chosen;
    if (!Files.exists(trained)) {
      Straying straying = Straying.of(player.manifest(), method.practice().exploreRad());
      new Improvement(method.learner(), pace, seed, listener)
          .improve(parent, player, straying, lessons.samples(), work, trained, madeBy);
    }
    if (choice.isPresent() && !Files.exists(chosen)) {
      try (Bundle bundle = BundleReader.read(trained, Trust.anyone())) {
        new ChoiceTraining(choice.get(), seed)
            .write(bundle, lessons.outlooks(), chosen, bundle.manifest().madeBy());
      }
    }
    if (foresees()) {
      try (Bundle bundle = BundleReader.read(chosen, Trust.anyone())) {
        calibrate(chosen, candidate, bundle.manifest().madeBy());
      }
    }
  }

  /**
   * Whether chunks are to go on and there are demonstrations enough to calibrate a foresight for
   * that; a policy without one plans in each step.
   */
  boolean foresees() {
    return method.practice().skipSteps() > 0
        && lessons.demonstrations().size() >= ForesightCalibration.episodesNeeded(FALSE_STOPS);
  }

  /** Writes a bundle again, its foresight calibrated. */
  void calibrate(Path bundle, Path calibrated, Map<String, String> madeBy) {
    try (BundlePolicy policy = BundlePolicy.load(bundle, robot)) {
      ForesightReplay replay = new ForesightReplay(policy);
      lessons.demonstrations().forEach(replay::add);
      BundleWriter.writeCalibrated(
          policy.bundle(), replay.calibration().limits(FALSE_STOPS), calibrated, madeBy);
    }
  }
}
