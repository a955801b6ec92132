package dev.forearm.launch.view;

import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderState;
import dev.forearm.runtime.inference.InferenceStatistics;
import dev.forearm.runtime.signal.RobotSignals;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.viewer.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads for the viewer, from its thread, what a session shows on its boards. */
public final class LiveTelemetry implements Supplier<Telemetry> {
  private final RobotSession session;
  private final RealTimeDrive drive;
  private final String title;
  private final String transport;
  private final Supplier<Telemetry.Task> task;
  private final SignalReading pose = new SignalReading(RobotSignals.POSE_WIDTH);

  /**
   * @param task how it stands; any thread
   */
  public LiveTelemetry(
      RobotSession session,
      RealTimeDrive drive,
      String title,
      String transport,
      Supplier<Telemetry.Task> task) {
    this.session = session;
    this.drive = drive;
    this.title = title;
    this.transport = transport;
    this.task = task;
  }

  @Override
  public Telemetry get() {
    InferenceStatistics statistics = session.policyLoop().statistics();
    return new Telemetry(
        title,
        transport,
        session.control().board().snapshot(),
        new Telemetry.Foresight(statistics.realised(), statistics.spread()),
        Optional.of(
            new Telemetry.Loops(
                drive.controlCycles(),
                statistics.inference().percentile(50) / 1e3,
                statistics.inference().percentile(99) / 1e3,
                statistics.refusals())),
        task.get(),
        session.recorder().map(LiveTelemetry::recorder).orElse("not recorded"),
        objects());
  }

  private List<Telemetry.SeenObject> objects() {
    List<Telemetry.SeenObject> seen = new ArrayList<>();
    for (String name : session.robot().objects()) {
      if (session.signals().object(name).read(pose)) {
        seen.add(new Telemetry.SeenObject(name, pose.values().clone()));
      }
    }
    return seen;
  }

  private static String recorder(EpisodeRecorder recorder) {
    return switch (recorder.state()) {
      case RecorderState.Idle _ -> "not recording";
      case RecorderState.Recording recording -> "recording " + recording.file().getFileName();
      case RecorderState.Stopped stopped -> "recording stopped: " + stopped.report().reason();
    };
  }
}
