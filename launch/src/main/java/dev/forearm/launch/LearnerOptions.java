package dev.forearm.launch;

import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.StepListener;
import dev.forearm.runtime.policy.Exploration;
import dev.forearm.runtime.policy.Retry;
import dev.forearm.runtime.robot.Robot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How episodes are played that somebody is to learn from. */
final class LearnerOptions {

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "Give an episode up after so long without a new stage (default: never).")
  private double patienceSeconds = Double.POSITIVE_INFINITY;

  @Option(
      names = "--tail",
      paramLabel = "SECONDS",
      description = "Drive on for so long after success (default: 0; record: 0.9).")
  private @Nullable Double tailSeconds;

  @Option(
      names = "--explore",
      paramLabel = "RAD",
      description = {
        "Have the actions stray with this standard deviation of each turning joint, forgotten",
        "over 0.4 s. What was added is recorded beside the chunk and taken off when it is read."
      })
  private double exploreRad;

  @Option(
      names = "--retry",
      paramLabel = "SECONDS",
      description = {
        "Where no object has moved for so long, open the fingers, at every second attempt go back",
        "to where the episode began as well, and let the policy try again (default: never)."
      })
  private double retrySeconds;

  /**
   * @throws LaunchFailure if a time makes no sense
   */
  EpisodeHooks hooks(double usualTailSeconds) {
    double tail = tailSeconds == null ? usualTailSeconds : tailSeconds;
    try {
      return new EpisodeHooks(patienceSeconds, tail, StepListener.NONE);
    } catch (IllegalArgumentException e) {
      throw new LaunchFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The mind, helped where it is stuck and exploring, as was asked for. It takes this one's place.
   *
   * @throws LaunchFailure if a time or the deviation is negative
   */
  Mind practising(Mind mind, Robot robot, long seed) {
    try {
      Mind helped = retrySeconds == 0 ? mind : mind.retrying(Retry.after(retrySeconds), robot);
      return exploreRad == 0
          ? helped
          : helped.exploring(Exploration.turning(robot, exploreRad, seed));
    } catch (IllegalArgumentException e) {
      mind.close();
      throw new LaunchFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
