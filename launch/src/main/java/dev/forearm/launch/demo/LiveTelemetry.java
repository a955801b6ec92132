package dev.forearm.launch.demo;

import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.launch.session.SimulatedTask;
import dev.forearm.launch.session.TaskState;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderState;
import dev.forearm.runtime.inference.InferenceStatistics;
import dev.forearm.viewer.Telemetry;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads for the viewer, from its thread, what a session shows on its boards. */
final class LiveTelemetry implements Supplier<Telemetry> {
  private final RobotSession session;
  private final RealTimeDrive drive;
  private final SimulatedTask simulated;
  private final String title;
  private final String transport;
  private final Supplier<String> episode;

  /**
   * @param episode which one is played, for people; any thread
   */
  LiveTelemetry(
      RobotSession session,
      RealTimeDrive drive,
      SimulatedTask simulated,
      String title,
      String transport,
      Supplier<String> episode) {
    this.session = session;
    this.drive = drive;
    this.simulated = simulated;
    this.title = title;
    this.transport = transport;
    this.episode = episode;
  }

  @Override
  public Telemetry get() {
    return new Telemetry(
        title,
        transport,
        session.control().board().snapshot(),
        drive.controlCycles(),
        inference(session.policyLoop().statistics()),
        task(),
        session.recorder().map(LiveTelemetry::recorder).orElse("not recorded"));
  }

  private static Telemetry.Inference inference(InferenceStatistics statistics) {
    return new Telemetry.Inference(
        statistics.inference().percentile(50) / 1e3,
        statistics.inference().percentile(99) / 1e3,
        statistics.refusals(),
        statistics.realised(),
        statistics.spread());
  }

  private Telemetry.Task task() {
    Optional<TaskState> state = simulated.state();
    return new Telemetry.Task(
        episode.get(),
        state.map(TaskState::stageName).orElse("waiting for the simulator"),
        state.map(TaskState::stage).orElse(0),
        state.map(TaskState::stages).orElse(0));
  }

  private static String recorder(EpisodeRecorder recorder) {
    return switch (recorder.state()) {
      case RecorderState.Idle _ -> "not recording";
      case RecorderState.Recording recording -> "recording " + recording.file().getFileName();
      case RecorderState.Stopped stopped -> "recording stopped: " + stopped.report().reason();
    };
  }
}
