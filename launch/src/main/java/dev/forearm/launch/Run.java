package dev.forearm.launch;

import dev.forearm.launch.node.ImaginedFutures;
import dev.forearm.launch.node.RunEpisodes;
import dev.forearm.launch.node.RunServices;
import dev.forearm.launch.node.RunTasks;
import dev.forearm.launch.node.RunTelemetry;
import dev.forearm.launch.session.AgentFailure;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.ros.lifecycle.Lifecycle;
import dev.forearm.ros.lifecycle.LifecycleDuties;
import dev.forearm.ros.lifecycle.LifecycleState;
import dev.forearm.ros.lifecycle.LifecycleTransition;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.robot.KeepRequests;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.safety.SafetyState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session while it runs for {@code forearm run}: from a loaded policy to its clean-up, or to the
 * program's end. Answers operators, topics and services, all on the thread that calls {@link
 * #until}.
 */
final class Run implements RunEpisodes {
  private static final long COMMANDERS_NANOS = 100_000_000; // from one look for others to the next

  private final RobotSession session;
  private final RealTimeDrive drive;
  private final Supplier<Mind> driving;
  private final KeepOptions keeping;
  private final Optional<String> calibrationSha256;
  private final List<Path> files = new ArrayList<>();
  private @Nullable ControlSnapshot shown;
  private long lookedNanos = Long.MIN_VALUE / 2;
  private boolean contested;
  private boolean stopped;

  /**
   * @param drive started; closed by this
   * @param driving whose policy is at work
   * @param calibrationSha256 of the robot's calibration, for the episodes
   */
  Run(
      RobotSession session,
      RealTimeDrive drive,
      Supplier<Mind> driving,
      KeepOptions keeping,
      Optional<String> calibrationSha256) {
    this.session = session;
    this.drive = drive;
    this.driving = driving;
    this.keeping = keeping;
    this.calibrationSha256 = calibrationSha256;
  }

  /**
   * Runs until the node is cleaned up or shut down, it is to stop or the time is over; then the arm
   * comes to rest and the recording ends.
   *
   * @param life does what the node's lifecycle asks
   * @param activate at once
   * @param imagined one of the session's taps
   * @param folder of the episodes
   * @param stop whether the program is to end
   */
  void until(
      Node node,
      Lifecycle lifecycle,
      LifecycleDuties life,
      boolean activate,
      ImaginedFutures imagined,
      Path folder,
      BooleanSupplier stop,
      long limitNanos) {
    session.begin(info("run-"));
    try (KeepRequests keepers = new KeepRequests(node);
        RunServices services = new RunServices(node, this, folder);
        RunTasks tasks =
            new RunTasks(node, session, this, () -> lifecycle.state() == LifecycleState.ACTIVE);
        RunTelemetry _ = new RunTelemetry(node, session, drive::controlCycles, driving, imagined)) {
      if (activate) {
        lifecycle.go(LifecycleTransition.ACTIVATE, life);
      }
      OperatorKeys keys = new OperatorKeys(System.in, session.control());
      drive.runUntil(
          () -> {
            tellChanges(session.control().board().snapshot());
            keys.look();
            tellCommanders(session.bridge());
            if (keepers.poll()) {
              Optional<EpisodeReport> _ = keep();
            }
            services.turn();
            tasks.turn();
            lifecycle.turn(life);
            return stop.getAsBoolean() || !isConfigured(lifecycle.state());
          },
          limitNanos);
      end(stop.getAsBoolean() ? "signal" : isConfigured(lifecycle.state()) ? "time" : "lifecycle");
    }
  }

  private static boolean isConfigured(LifecycleState state) {
    return state == LifecycleState.ACTIVE || state == LifecycleState.INACTIVE;
  }

  private void end(String by) {
    ControlSnapshot last = session.control().board().snapshot();
    Optional<AgentFailure> failure = drive.failure();
    stopped = last.state() == SafetyState.STOPPED || last.state() == SafetyState.FAULT;
    drive.close();
    EpisodeOutcome outcome =
        failure.isPresent()
            ? EpisodeOutcome.of(EpisodeOutcome.Result.ABORTED, failure.get().toString())
            : EpisodeOutcome.of(
                EpisodeOutcome.Result.UNKNOWN, "ended by %s in %s".formatted(by, last.state()));
    files.add(session.end(outcome).orElseThrow().file());
  }

  /** Whether the runtime itself had stopped the arm, before anybody asked for the end. */
  boolean stopped() {
    return stopped;
  }

  /** The episodes that were recorded, the newest last. */
  List<Path> files() {
    return List.copyOf(files);
  }

  @Override
  public EpisodeReport cut(EpisodeOutcome outcome) {
    EpisodeReport report = session.end(outcome).orElseThrow();
    files.add(report.file());
    session.begin(info("run-"));
    return report;
  }

  @Override
  public Optional<EpisodeReport> keep() {
    return session.recorder().flatMap(recorder -> keeping.keep(recorder, info("kept-")));
  }

  private EpisodeInfo info(String prefix) {
    Mind mind = driving.get();
    Map<String, String> values = new LinkedHashMap<>(mind.notes());
    calibrationSha256.ifPresent(hash -> values.put(EpisodeInfo.CALIBRATION, hash));
    return new EpisodeInfo(
        prefix + mind.name(),
        mind.task(),
        0,
        session.robot().name(),
        mind.name(),
        mind.sha256(),
        values);
  }

  private void tellChanges(ControlSnapshot now) {
    ControlSnapshot before = shown;
    if (before == null || before.state() != now.state() || before.reason() != now.reason()) {
      System.out.printf(
          "%s: %s%s%n",
          now.state(),
          now.reason().meaning(),
          now.culprit().isEmpty() ? "" : " (" + now.culprit() + ")");
      shown = now;
    }
  }

  /** One that joins later is told of, not fought: what it sends reaches the robot either way. */
  private void tellCommanders(RobotBridge bridge) {
    long now = session.clock().nanos();
    if (now - lookedNanos < COMMANDERS_NANOS) {
      return;
    }
    lookedNanos = now;
    int commanders = bridge.commanders();
    if (commanders > 1 && !contested) {
      System.out.printf(
          "%s commanders of the robot at once %s, wanted this one alone; stop the other%n",
          commanders, bridge.commanderNames());
    }
    contested = commanders > 1;
  }
}
