package dev.forearm.launch.calibrate;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardDetector;
import dev.forearm.calibration.camera.BoardPose;
import dev.forearm.calibration.camera.PinholeCamera;
import dev.forearm.calibration.file.Calibration;
import dev.forearm.calibration.file.SignalLatency;
import dev.forearm.calibration.handeye.TurnSeries;
import dev.forearm.calibration.latency.Delay;
import dev.forearm.calibration.latency.Series;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.Output;
import dev.forearm.launch.capture.ExcitationOptions;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm calibrate latency}. */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    description = {
      "Find from one episode how late signals are: motion after its command for each joint group,",
      "joint states at their arrival, and a camera against the joint states. Begin at rest, then",
      "move further and unevenly for 10 s; for a camera, with a board in the picture."
    })
final class LatencyCommand implements Callable<Integer> {
  private static final long LEAST_NANOS = -100_000_000;
  private static final long MOST_NANOS = 400_000_000;
  private static final String EPISODE = ".mcap";

  @Mixin private Output output;
  @Mixin private CalibrationFileOptions file;

  @Mixin private ExcitationOptions excitation;

  @Option(
      names = "--episode",
      required = true,
      paramLabel = "FILE",
      description = "It; with --live where it is recorded to.")
  private Path episode = Path.of("");

  @Option(names = "--camera", paramLabel = "NAME", description = "A camera that the file knows.")
  private @Nullable String camera;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Of the camera's images.")
  private @Nullable String topic;

  @Option(names = "--board", paramLabel = "BOARD", description = "That the camera sees.")
  private @Nullable String board;

  @Override
  public Integer call() {
    Robot robot = file.robot();
    Calibration calibration = file.read();
    if (excitation.live()) {
      record(robot);
    }
    EpisodeSignals signals = EpisodeSignals.read(episode, robot);
    Map<String, SignalLatency> found = new LinkedHashMap<>();
    commands(robot, found);
    double[] ages = signals.stateAgesMs();
    String states = robot.groups().getFirst().states();
    found.put(
        states,
        new SignalLatency(
            states,
            "its own stamp",
            ages[ages.length / 2],
            (ages[ages.length * 3 / 4] - ages[ages.length / 4]) / Math.sqrt(ages.length)));
    String images = topic;
    if (images != null) {
      found.put(images, camera(robot, calibration, signals, images));
    }
    for (SignalLatency late : found.values()) {
      System.out.printf(
          Locale.ROOT,
          "%-32s %7.2f +- %.2f ms behind %s%n",
          late.signal(),
          late.millis(),
          late.errorMillis(),
          late.behind());
      calibration = calibration.with(late, CalibrationFileOptions.today());
    }
    Map<String, Object> report = new LinkedHashMap<>();
    found.values().forEach(late -> report.put(late.signal(), late.millis()));
    report.put("calibration_sha256", file.write(calibration).sha256());
    output.write(report);
    return 0;
  }

  private void record(Robot robot) {
    String name = String.valueOf(episode.getFileName());
    if (Files.exists(episode) || !name.endsWith(EPISODE)) {
      throw new LaunchFailure(
          "calibrate latency: %s is there already or is no name of an episode; give --live the name of a new *.mcap"
              .formatted(episode));
    }
    Path folder = Objects.requireNonNull(episode.toAbsolutePath().getParent());
    episode =
        excitation.record(
            robot, topic, folder, name.substring(0, name.length() - EPISODE.length()));
  }

  /** Of each group: its joint that tells best. */
  private void commands(Robot robot, Map<String, SignalLatency> found) {
    Map<String, JointMotion> motions = new LinkedHashMap<>();
    try {
      MotionReader.read(episode, robot).forEach(motion -> motions.put(motion.joint(), motion));
    } catch (RuntimeFault fault) {
      System.out.println("no commands: " + fault.getMessage());
      return;
    }
    for (JointGroup group : robot.groups()) {
      String why = "none of its joints moved";
      for (String joint : group.joints()) {
        JointMotion motion = Objects.requireNonNull(motions.get(joint));
        try {
          Delay delay =
              Delay.of(
                  new Series(motion.positionNanos(), motion.positions()),
                  new Series(motion.commandNanos(), motion.commands()),
                  LEAST_NANOS,
                  MOST_NANOS);
          SignalLatency late = latency(group.states(), group.command().topic(), delay);
          found.merge(
              group.command().topic(),
              new SignalLatency(
                  group.command().topic(),
                  "motion in " + late.signal(),
                  late.millis(),
                  late.errorMillis()),
              (one, other) -> one.errorMillis() <= other.errorMillis() ? one : other);
        } catch (RuntimeFault fault) {
          why = String.valueOf(fault.getMessage());
        }
      }
      if (!found.containsKey(group.command().topic())) {
        System.out.println("left out  " + group.command().topic() + ": " + why);
      }
    }
  }

  private SignalLatency camera(
      Robot robot, Calibration calibration, EpisodeSignals signals, String images) {
    String name = camera;
    String text = board;
    if (name == null || text == null) {
      throw new LaunchFailure("calibrate latency: wanted --camera and --board with --topic");
    }
    Board seen = Board.parse(text);
    BoardDetector detector = new BoardDetector(seen);
    PinholeCamera pinhole = calibration.camera(name).camera();
    TurnSeries turned = new TurnSeries();
    Map<String, Integer> instead = new LinkedHashMap<>();
    signals.pictures(
        images,
        (stamp, gray) -> {
          BoardDetector.Detection found = detector.detect(images, gray.get());
          found
              .view()
              .filter(view -> view.corners().length >= BoardPose.CORNERS_MIN)
              .ifPresentOrElse(
                  view -> turned.add(stamp, BoardPose.of(view, seen, pinhole).cameraFromBoard()),
                  () -> instead.merge(found.instead(), 1, Integer::sum));
        });
    if (turned.isEmpty()) {
      throw new LaunchFailure(
          "calibrate latency: found no board '%s' in any picture of %s, but %s; is it this board, and sharp?"
              .formatted(text, images, instead.keySet()));
    }
    long[] stamps = signals.track().positions(robot.jointNames().getFirst()).nanos();
    Series arm =
        TurnSeries.ofArm(
            robot, stamps, Arrays.stream(stamps).mapToObj(signals.track()::at).toList());
    return latency(images, "joint states", Delay.of(turned.series(), arm, LEAST_NANOS, MOST_NANOS));
  }

  private static SignalLatency latency(String signal, String behind, Delay delay) {
    return new SignalLatency(signal, behind, delay.nanos() * 1e-6, delay.errorNanos() * 1e-6);
  }
}
