package dev.forearm.launch.replay;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Trust;
import dev.forearm.models.ort.ProviderChoice;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.policy.Retry;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes what drove an episode once more, from what its file says of that. */
final class ReplayedMind {
  private static final String FORESEEN = "-foreseen";

  private ReplayedMind() {}

  /**
   * @param info the file's metadata {@link EpisodeInfo#RECORD}
   * @param bundle in the place of the one that it names; null: that one
   * @param choice what computes its graphs
   * @throws LaunchFailure if what drove it cannot be made again
   */
  static Mind of(
      Map<String, String> info, @Nullable String bundle, Robot robot, ProviderChoice choice) {
    String name = info.getOrDefault("bundle", "");
    if (bundle == null && name.equals(Mind.COACHED)) {
      throw new LaunchFailure(
          "replay: '%s' drove this episode, a student and the expert by turns, and the turns are not recorded; replay another"
              .formatted(name));
    }
    Mind mind = named(bundle == null ? name : bundle, info, robot, choice);
    String servos = info.get(EpisodeInfo.ACTUATORS);
    if (servos != null) {
      mind = mind.adapted(ActuatorCalibration.parse(servos, "the episode's actuators"), robot);
    }
    mind = regrasping(mind, info, robot);
    String seconds = info.get(Mind.RETRY_SECONDS);
    return seconds == null ? mind : mind.retrying(Retry.after(Double.parseDouble(seconds)), robot);
  }

  /**
   * Makes what took over from the first once more. What is said of the servos counts for it, too,
   * unless that was the first one's own.
   *
   * @param bundle where it lies
   * @throws dev.forearm.models.ModelsFault if it is damaged or does not fit
   */
  static Mind successor(
      Path bundle, Map<String, String> info, Mind first, Robot robot, ProviderChoice choice) {
    Mind mind = Mind.of(bundle, robot, RobotHashes.none(), Trust.anyone(), choice);
    String servos = info.get(EpisodeInfo.ACTUATORS);
    Optional<String> own = first.bundle().flatMap(Bundle::actuators).map(ActuatorCalibration::text);
    Mind adapted =
        servos == null || Optional.of(servos).equals(own)
            ? mind
            : mind.adapted(ActuatorCalibration.parse(servos, "the episode's actuators"), robot);
    return regrasping(adapted, info, robot);
  }

  /** The mind, its grasps aimed anew if the file's were. It takes this one's place. */
  private static Mind regrasping(Mind mind, Map<String, String> info, Robot robot) {
    return info.containsKey(Mind.REGRASPS) ? mind.regrasping(robot) : mind;
  }

  private static Mind named(
      String name, Map<String, String> info, Robot robot, ProviderChoice choice) {
    if (name.endsWith(FORESEEN)) {
      return Mind.foreseen(name.substring(0, name.length() - FORESEEN.length()), robot, choice);
    }
    Task task = name.equals(Mind.EXPERT) ? Task.named(info.getOrDefault("task", "")) : Task.LIFT;
    return Mind.named(name, robot, task, choice);
  }
}
