package dev.forearm.launch.capture;

import dev.forearm.launch.RosOptions;
import dev.forearm.launch.StopSignal;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.policy.ManeuverPolicy;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How an episode of a gentle motion is recorded off a robot. */
public final class ExcitationOptions {
  @Option(
      names = "--live",
      description = {
        "Record such an episode first: the arm moves near where it stands for some 15 s, once the",
        "key m is pressed, and never otherwise."
      })
  private boolean live;

  @Option(
      names = "--travel",
      paramLabel = "DEG",
      defaultValue = "8",
      description =
          "With --live: how far a joint turns at most, to one side (default: ${DEFAULT-VALUE}).")
  private double travelDeg;

  @Mixin private RosOptions ros;

  /** Whether an episode is to be recorded now. */
  public boolean live() {
    return live;
  }

  /**
   * Records it.
   *
   * @param topic of images to be recorded besides, or null
   * @param name of the file; a number is appended if it is taken
   * @return the file
   * @throws dev.forearm.launch.LaunchFailure if the motion did not come to its end
   */
  public Path record(Robot robot, @Nullable String topic, Path folder, String name) {
    Clock clock = new MonotonicClock();
    AgentFailures failures = new AgentFailures();
    ManeuverPolicy policy = new ManeuverPolicy(robot);
    try (StopSignal stop = new StopSignal();
        RosTransport transport = ros.transport().open(clock, failures);
        Mind mind = GuidedArm.mind(policy);
        RobotSession session =
            new RobotSession(
                robot, mind, transport, clock, Optional.of(RecorderSettings.realTime(folder)))) {
      if (topic != null) {
        ExcitedEpisode.recordImages(session, topic);
      }
      System.out.printf("%s, %s%n", robot.name(), transport.description());
      try (RealTimeDrive drive = RealTimeDrive.start(session, failures, () -> {})) {
        return new ExcitedEpisode(session, drive, policy, System.out::println)
            .record(name, Math.toRadians(travelDeg), new TypedKeys(System.in), stop::wanted);
      }
    }
  }
}
