package dev.forearm.launch.episodes;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.LiveLine;
import dev.forearm.launch.RawTerminal;
import dev.forearm.ros.robot.Moment;
import dev.forearm.ros.robot.RecordedMoments;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.kinematics.SerialChain;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.viewer.replay.Marks;
import dev.forearm.viewer.replay.Playback;
import dev.forearm.viewer.replay.ReplayKeys;
import dev.forearm.viewer.replay.ReplayKeys.Turn;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An episode that plays as one line of text, for a person without a display who labels it by keys.
 * The command's thread.
 */
final class TerminalReplay {
  private final Path file;
  private final String title;
  private final Robot robot;
  private final RecordedMoments moments;
  private final Playback playback;
  private final Marks marks;
  private final ReplayKeys keys;
  private final SerialChain chain;
  private final int[] grippers; // joints that do not move the tool

  /**
   * Reads an episode, which then plays from its beginning.
   *
   * @param clock by which it plays
   * @param speed seconds of the episode in one of the clock's
   * @throws RuntimeFault if it cannot be read
   */
  TerminalReplay(Path file, Robot robot, Clock clock, double speed) {
    this.file = file;
    this.robot = robot;
    marks = new Marks(file);
    try (McapReader reader = McapReader.open(file)) {
      moments = RecordedMoments.read(reader, robot);
      title =
          "%s  %s, ended in %s"
              .formatted(
                  file.getFileName(),
                  reader.metadata(EpisodeInfo.RECORD).getOrDefault("task", "no task"),
                  reader
                      .metadata(EpisodeOutcome.RECORD)
                      .getOrDefault("result", "nobody knows what"));
    }
    playback = new Playback(moments.startNanos(), moments.endNanos(), moments.steps(), clock);
    playback.pace(speed);
    playback.toggle();
    keys = new ReplayKeys(playback, marks);
    chain = new SerialChain(robot);
    grippers =
        IntStream.range(0, robot.jointCount())
            .filter(joint -> robot.chain().stream().noneMatch(link -> link.joint() == joint))
            .toArray();
  }

  /**
   * Plays episodes, one after the other as keys say, until a key ends it.
   *
   * @param files one at least
   * @param robotOf each
   * @param speed as it begins
   * @param stop whether to end
   * @throws RuntimeFault if the first cannot be read
   */
  static void play(
      List<Path> files,
      Function<Path, Robot> robotOf,
      double speed,
      RawTerminal terminal,
      Clock clock,
      BooleanSupplier stop) {
    LiveLine live = new LiveLine(true);
    ReplayKeys.HELP.forEach(live::say);
    TerminalReplay shown =
        new TerminalReplay(files.getFirst(), robotOf.apply(files.getFirst()), clock, speed);
    live.say(shown.title);
    int place = 0;
    Turn turn = Turn.STAY;
    while (turn != Turn.END && !stop.getAsBoolean()) {
      Optional<String> key = terminal.key();
      turn = key.map(shown::press).orElse(Turn.STAY);
      int next = turn.from(place, files.size());
      if (next != place) {
        Path file = files.get(next);
        try {
          TerminalReplay other =
              new TerminalReplay(file, robotOf.apply(file), clock, shown.playback.speed());
          live.say(shown.said());
          live.say(other.title);
          shown = other;
          place = next;
        } catch (RuntimeFault | LaunchFailure unreadable) {
          live.say(unreadable.getMessage() + "; staying");
        }
      }
      TerminalReplay now = shown;
      if (key.isPresent()) {
        live.show(now.line());
      } else {
        live.update(now::line);
      }
    }
    live.say(shown.said());
  }

  /** Does what a key says, now. */
  Turn press(String key) {
    playback.turn();
    return keys.press(key);
  }

  /**
   * The moment that it has come to: time, labels, stage, gripper, tool (m, base frame), who drove,
   * safety.
   */
  String line() {
    playback.turn();
    Moment moment = moments.at(playback.nanos());
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%s %.2f/%.2f s x%s [%s]",
            playback.plays() ? ">" : "=",
            playback.seconds(),
            playback.endSeconds(),
            playback.speed(),
            label()));
    moment
        .task()
        .ifPresent(
            task -> line.append("  %s %s/%s".formatted(task.stage(), task.done(), task.stages())));
    moment.measured().ifPresent(positions -> line.append(posture(positions)));
    line.append("  ").append(moment.driver().shortText());
    moment.state().ifPresent(state -> line.append("  ").append(state));
    if (moment.reason() != SafetyReason.NONE) {
      line.append(": ").append(moment.reason().meaning());
    }
    return line.toString();
  }

  /** How far each gripper is through its range, and where the tool is. */
  private String posture(double[] positions) {
    StringBuilder text = new StringBuilder();
    for (int gripper : grippers) {
      Joint joint = robot.joints().get(gripper);
      double share =
          (positions[gripper] - joint.positionMin()) / (joint.positionMax() - joint.positionMin());
      text.append(String.format(Locale.ROOT, "  gripper %.0f %%", 100 * share));
    }
    double[] tool = new double[3];
    chain.toolPosition(positions, tool);
    return text.append(
            String.format(Locale.ROOT, "  tool %.3f %.3f %.3f", tool[0], tool[1], tool[2]))
        .toString();
  }

  private String said() {
    return "%s  %s".formatted(file.getFileName(), label());
  }

  private String label() {
    Optional<EpisodeLabels> labels = marks.labels();
    Stream<String> success =
        labels.flatMap(EpisodeLabels::success).map(done -> done ? "success" : "failure").stream();
    Stream<String> stages =
        labels.stream()
            .flatMap(said -> said.stages().stream())
            .map(stage -> String.format(Locale.ROOT, "%s@%.2f", stage.done(), stage.seconds()));
    String all = Stream.concat(success, stages).collect(Collectors.joining(" "));
    return all.isEmpty() ? "no label" : all;
  }
}
