package dev.forearm.launch.capture;

import dev.forearm.calibration.camera.BoardDetector;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.RawTerminal;
import dev.forearm.launch.RosOptions;
import dev.forearm.launch.StopSignal;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.policy.ManeuverPolicy;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How pictures are taken off topics. */
public final class LiveOptions {
  private static final long LOOK_NANOS = 5_000_000;

  @Option(
      names = "--live",
      description = {
        "Take the pictures now, off --topic, into the folder of --images, which may have some; a",
        "picture counts where arm and corners rest. Without --live the folder solves again."
      })
  private boolean live;

  @Option(
      names = "--auto",
      description = "With --live: take one wherever the view is new, until nothing is missing.")
  private boolean auto;

  @Option(
      names = "--move",
      paramLabel = "CSV",
      description = {
        "With --live: poses to go to, as --poses has them, at a tenth of the joints' speed. The arm",
        "moves to the next when the key m is pressed, and never otherwise."
      })
  private @Nullable Path move;

  @Option(
      names = "--jog",
      description = {
        "With --live, of hand and eye: the coach proposes poses, and the arm moves to one for as long",
        "as the key m is held down in the terminal, at a tenth of the joints' speed."
      })
  private boolean jog;

  @Mixin private RosOptions ros;

  /** Whether pictures are to be taken now. */
  public boolean live() {
    return live;
  }

  /**
   * Takes pictures until the person or the coach has enough.
   *
   * @param withArm whether each comes with the joints of an arm at rest
   * @throws LaunchFailure if the process is told to end before; what was taken stays
   */
  public void capture(
      Robot robot,
      String topic,
      Path folder,
      BoardDetector detector,
      boolean withArm,
      Coach coach) {
    if (jog && (move != null || !withArm)) {
      throw new LaunchFailure(
          "calibrate: found --jog with %s; it proposes its own poses, for hand-eye and joints"
              .formatted(move == null ? "a camera's own numbers" : "--move"));
    }
    Map<String, double[]> poses = move == null ? Map.of() : PictureFolder.poses(move, robot);
    Clock clock = new MonotonicClock();
    AgentFailures failures = new AgentFailures();
    PictureFolder pictures = new PictureFolder(folder, robot);
    try (StopSignal stop = new StopSignal();
        RawTerminal terminal =
            jog ? RawTerminal.open("calibrate --jog", "give --move a file of poses") : null;
        RosTransport transport = ros.transport().open(clock, failures);
        LivePictures seen = new LivePictures(transport, topic, robot, withArm)) {
      System.out.printf("pictures off %s, %s%n", topic, transport.description());
      IntSupplier keys =
          terminal == null ? new TypedKeys(System.in) : TypedKeys.pressedAt(terminal);
      System.out.println(
          (jog ? "keys: Enter " : "keys, with Enter: Enter alone ")
              + GuidedCapture.KEYS
              + (jog ? "; " + PoseJog.KEYS : move == null ? "" : "; " + PoseTour.KEYS));
      Function<Optional<Steering>, GuidedCapture> guided =
          steering ->
              new GuidedCapture(
                  detector,
                  pictures,
                  seen,
                  withArm,
                  coach,
                  auto,
                  steering,
                  keys,
                  System.out::println);
      GuidedCapture capture;
      if (move == null && !jog) {
        capture = guided.apply(Optional.empty());
        while (!capture.done() && !stop.wanted() && failures.first().isEmpty()) {
          capture.turn(clock.nanos());
          LockSupport.parkNanos(LOOK_NANOS);
        }
      } else {
        ManeuverPolicy policy = new ManeuverPolicy(robot);
        try (Mind mind = GuidedArm.mind(policy);
            RobotSession session =
                new RobotSession(robot, mind, transport, clock, Optional.empty());
            RealTimeDrive drive = RealTimeDrive.start(session, failures, () -> {})) {
          GuidedArm arm = new GuidedArm(session, policy, System.out::println);
          capture =
              guided.apply(
                  Optional.of(
                      jog
                          ? new PoseJog(robot, arm, coach, System.out::println)
                          : new PoseTour(robot, arm, poses, System.out::println)));
          boolean _ =
              drive.runUntil(
                  () -> {
                    capture.turn(clock.nanos());
                    return capture.done() || stop.wanted();
                  },
                  Long.MAX_VALUE / 2);
        }
      }
      if (!capture.done()) {
        String end =
            "calibrate: ended by %s after %s pictures; they are in %s, --live goes on and the same without it solves"
                .formatted(
                    failures.first().map(Object::toString).orElse("signal"),
                    capture.captures().size(),
                    folder);
        System.out.println(end); // once this is closed, a signal ends the process at once
        throw new LaunchFailure(end);
      }
    }
  }
}
