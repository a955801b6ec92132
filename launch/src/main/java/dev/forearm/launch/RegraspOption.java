package dev.forearm.launch;

import dev.forearm.launch.session.Mind;
import dev.forearm.runtime.robot.Robot;
import picocli.CommandLine.Option;

/** Whether a missed grasp is aimed anew. */
final class RegraspOption {
  @Option(
      names = "--regrasp",
      description = {
        "Where a grasp missed, move what the policy does next sideways by as much as the hand was",
        "beside the object, by up to 60 mm in all and until the object has moved."
      })
  private boolean asked;

  boolean asked() {
    return asked;
  }

  /**
   * The mind, its grasps aimed anew if that was asked for. It takes this one's place.
   *
   * @throws LaunchFailure if it does not see or command what that takes
   */
  Mind of(Mind mind, Robot robot) {
    if (!asked) {
      return mind;
    }
    try {
      return mind.regrasping(robot);
    } catch (IllegalArgumentException e) {
      mind.close();
      throw new LaunchFailure("--" + e.getMessage(), e);
    }
  }
}
