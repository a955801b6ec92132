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
    return driving(mind, Optional.ofNullable(info.get(EpisodeInfo.ACTUATORS)), info, robot);
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
    Optional<String> own = first.bundle().flatMap(Bundle::actuators).map(ActuatorCalibration::text);
    Optional<String> servos = Optional.ofNullable(info.get(EpisodeInfo.ACTUATORS));
    return driving(mind, servos.equals(own) ? Optional.empty() : servos, info, robot);
  }

  /** The mind, driving as the file says that it was. It takes this one's place. */
  private static Mind driving(
      Mind mind, Optional<String> servos, Map<String, String> info, Robot robot) {
    try {
      Mind driving = mind;
      if (servos.isPresent()) {
        driving =
            driving.adapted(
                ActuatorCalibration.parse(servos.get(), "the episode's actuators"), robot);
      }
      if (info.containsKey(Mind.REGRASPS)) {
        driving = driving.regrasping(robot);
      }
      String seconds = info.get(Mind.RETRY_SECONDS);
      return seconds == null
          ? driving
          : driving.retrying(Retry.after(Double.parseDouble(seconds)), robot);
    } catch (IllegalArgumentException e) {
      mind.close();
      throw new LaunchFailure(
          "replay: '%s' cannot drive as this episode was driven (%s); name a bundle that can"
              .formatted(mind.name(), e.getMessage()),
          e);
    } catch (RuntimeException e) {
      mind.close();
      throw e;
    }
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
