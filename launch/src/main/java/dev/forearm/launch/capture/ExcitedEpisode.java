package dev.forearm.launch.capture;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.Drive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.ros.Qos;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.policy.Maneuver;
import dev.forearm.runtime.policy.ManeuverPolicy;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * An episode in which the arm rests, moves gently and unevenly near where it stands, and rests
 * again: what latencies and servos are told by. It moves once, when a key is pressed. The waiting
 * thread's.
 */
final class ExcitedEpisode {
  private static final long REST_NANOS = 1_500_000_000;
  private static final long MOTION_MAX_NANOS = 60_000_000_000L;

  private final RobotSession session;
  private final Drive drive;
  private final GuidedArm arm;
  private final Consumer<String> say;

  /**
   * @param session that records, with {@code policy} to drive
   */
  ExcitedEpisode(RobotSession session, Drive drive, ManeuverPolicy policy, Consumer<String> say) {
    this.session = session;
    this.drive = drive;
    this.say = say;
    arm = new GuidedArm(session, policy, say);
  }

  /** Records the images of a topic as well. Before the drive is started. */
  static void recordImages(RobotSession session, String topic) {
    if (!session.robot().topics().images().contains(topic)) {
      session.bridge().record(topic, Picture.typeOn(topic), Qos.SENSOR_DATA);
    }
  }

  /**
   * Waits for the key and records.
   *
   * @param name of the episode's file
   * @param turnMaxRad how far a joint turns at most
   * @param keys typed, as {@link TypedKeys} gives them
   * @param stop whether the process is to end
   * @throws LaunchFailure if it was not recorded whole, with why
   */
  Path record(String name, double turnMaxRad, IntSupplier keys, BooleanSupplier stop) {
    say.accept(
        "keys, with Enter: m moves the arm for some 15 s, each joint a little; s stops it, q ends");
    int[] key = new int[1];
    boolean _ =
        drive.runUntil(
            () -> {
              key[0] = keys.getAsInt();
              return key[0] == 'm' || key[0] == 'q' || stop.getAsBoolean();
            },
            Long.MAX_VALUE / 2);
    if (key[0] != 'm') {
      throw new LaunchFailure("calibrate: ended before the arm moved; nothing was recorded");
    }
    session.begin(
        new EpisodeInfo(name, "calibrate", 0, session.robot().name(), "calibrate", "", Map.of()));
    boolean whole = excite(turnMaxRad, keys, stop);
    EpisodeOutcome.Result result =
        whole ? EpisodeOutcome.Result.SUCCESS : EpisodeOutcome.Result.ABORTED;
    Path file = session.end(EpisodeOutcome.of(result, "excitation")).orElseThrow().file();
    say.accept("recorded  " + file);
    if (!whole) {
      throw new LaunchFailure(
          "calibrate: the motion in %s did not come to its end; what stopped it stands above"
              .formatted(file));
    }
    return file;
  }

  private boolean excite(double turnMaxRad, IntSupplier keys, BooleanSupplier stop) {
    boolean _ = drive.runUntil(stop, REST_NANOS);
    if (!arm.begin(Maneuver.Excitation.gentle(session.robot(), arm.measured(), turnMaxRad))) {
      return false;
    }
    boolean over =
        drive.runUntil(
            () -> {
              int key = keys.getAsInt();
              if (key == 's' || key == 'q' || stop.getAsBoolean()) {
                arm.stop();
              }
              arm.turn();
              return !arm.moving();
            },
            MOTION_MAX_NANOS);
    boolean _ = drive.runUntil(stop, REST_NANOS);
    return over && arm.finished();
  }
}
