package dev.forearm.launch.demo;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.LiveLine;
import dev.forearm.launch.StopSignal;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.launch.session.EpisodeResult;
import dev.forearm.launch.session.Episodes;
import dev.forearm.launch.session.LoopReport;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.launch.session.Seeds;
import dev.forearm.launch.session.SimulatedTask;
import dev.forearm.launch.session.TaskState;
import dev.forearm.launch.swap.Policies;
import dev.forearm.launch.swap.Swaps;
import dev.forearm.launch.view.LiveTelemetry;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.transport.RosDomain;
import dev.forearm.ros.transport.TransportOptions;
import dev.forearm.runtime.agent.CycleSummary;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.InferenceStatistics;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.viewer.ForesightTap;
import dev.forearm.viewer.Telemetry;
import dev.forearm.viewer.Viewer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A running demo: simulator process, transport and session. Used by the command's thread. */
final class Demo implements AutoCloseable {
  private static final int ATTEMPTS = 3; // at one episode, when its simulator dies
  private static final long APPEAR_NANOS = 30_000_000_000L;

  private final String task;
  private final LiveLine line;
  private final StopSignal stop;
  private final AgentFailures failures = new AgentFailures();
  private final Clock clock;
  private final RealTimeDrive drive;
  private final SimProcess sim;
  private final RosTransport transport;
  private final SimulatedTask simulated;
  private final RobotSession session;
  private final @Nullable Swaps swaps;
  private final Episodes player;
  private final List<EpisodeResult> results = new ArrayList<>();
  private final int domain;
  private final Robot robot;
  private final String title;
  private final ForesightTap foresight;
  private Optional<Viewer> viewer = Optional.empty();
  private volatile String episode = "";
  private int wanted;

  /**
   * Starts the simulator and the runtime; the arm stays disengaged.
   *
   * @param policies that {@code mind} is from; null if it is from elsewhere and stays
   * @param stop ends the demo as soon as the arm is at rest
   */
  Demo(
      Robot robot,
      Mind mind,
      @Nullable Policies policies,
      String task,
      String gap,
      Path out,
      LiveLine line,
      StopSignal stop) {
    this.stop = stop;
    this.task = task;
    this.line = line;
    this.robot = robot;
    title = "%s with %s".formatted(task, mind.name());
    foresight = new ForesightTap(mind.policy().spec());
    domain = RosDomain.givenOrFree();
    clock = new MonotonicClock();
    transport = TransportOptions.onThisMachine(domain, NodeName.FOREARM).open(clock, failures);
    try {
      SimulatedTask.refuseAnother(transport);
    } catch (LaunchFailure e) {
      transport.close();
      throw e;
    }
    sim =
        new SimProcess(
            List.of("--gap", gap, "--ends-with-input"),
            Map.of("ROS_DOMAIN_ID", Integer.toString(domain)),
            out.resolve("sim.log"));
    simulated = new SimulatedTask(transport);
    session =
        new RobotSession(
            robot,
            mind,
            transport,
            clock,
            Optional.of(RecorderSettings.realTime(out)),
            foresight,
            new ForesightTap(mind.policy().spec()));
    simulated.recordedBy(session.bridge());
    swaps = policies == null ? null : policies.follow(session, transport, mind, line::say);
    drive = RealTimeDrive.start(session, failures, this::look);
    player =
        new Episodes(
            session,
            drive,
            simulated,
            () -> swaps == null ? mind : swaps.driving(),
            task,
            () -> !sim.alive());
    line.say("%s, %s".formatted(title, transport.description()));
  }

  /**
   * Opens the live window; closing it ends the demo.
   *
   * @param picture where the window is written every second; empty: nowhere
   */
  void openViewer(Optional<Path> picture) {
    LiveTelemetry telemetry =
        new LiveTelemetry(session, drive, title, transport.description(), this::taskState);
    viewer = Optional.of(Viewer.open(robot, transport, foresight, telemetry, picture));
  }

  /** Whether everything that drives the arm worked to the end. */
  boolean sound() {
    return failures.first().isEmpty();
  }

  /** Whether somebody closed the window. */
  boolean dismissed() {
    return viewer.map(Viewer::dismissed).orElse(false);
  }

  /**
   * Plays episodes until all are played or the time is up. An episode whose simulator dies is
   * played again.
   */
  List<EpisodeResult> play(int episodes, long seed, long limitNanos) {
    wanted = episodes;
    long end = clock.nanos() + limitNanos;
    boolean endless = limitNanos == Long.MAX_VALUE;
    Seeds seeds = new Seeds(seed);
    long next = seeds.next();
    int attempts = 0;
    while (results.size() < episodes
        && !drive.ended()
        && drive.failure().isEmpty()
        && (endless || clock.nanos() < end)) {
      episode = "episode %s of %s".formatted(results.size() + 1, episodes);
      EpisodeResult result;
      try {
        appear();
        result = player.play(next, endless ? Long.MAX_VALUE : end - clock.nanos());
      } catch (LaunchFailure e) {
        if (drive.ended()) {
          break; // between two episodes: nothing was waited for to its end
        }
        throw e;
      }
      line.say(describe(result));
      if (sim.alive()) {
        results.add(result);
        next = seeds.next();
        attempts = 0;
      } else {
        revive(++attempts);
      }
    }
    return List.copyOf(results);
  }

  /** What the demo did, by the names that machines read. */
  Map<String, Object> report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("episodes", results.size());
    report.put("successes", successes());
    report.put("transport", transport.description());
    report.putAll(new LoopReport(session, drive).toJson());
    report.put(
        "episode_files",
        results.stream()
            .flatMap(result -> result.recording().stream())
            .map(EpisodeReport::file)
            .map(file -> file.toAbsolutePath().toString())
            .toList());
    report.put("simulator_starts", sim.starts());
    report.put("ros_domain_id", domain);
    return report;
  }

  /** What the demo did, for people. */
  String summary() {
    String files =
        results.stream()
            .flatMap(result -> result.recording().stream())
            .map(recording -> "\n           " + recording.file())
            .collect(Collectors.joining());
    return """

    %s of %s episodes succeeded
    %s
    episodes   (the public MCAP tools read them)%s\
    """
        .formatted(successes(), results.size(), new LoopReport(session, drive).inWords(), files);
  }

  private long successes() {
    return results.stream().filter(EpisodeResult::success).count();
  }

  @Override
  public void close() {
    viewer.ifPresent(Viewer::close);
    drive.close();
    if (swaps != null) {
      swaps.close();
    }
    session.close();
    simulated.close();
    transport.close();
    sim.close();
  }

  private void appear() {
    boolean there =
        drive.runUntil(
            () -> (simulated.present() && simulated.state().isPresent()) || !sim.alive(),
            APPEAR_NANOS);
    if (!sim.alive()) {
      throw new LaunchFailure(sim.obituary());
    }
    if (!there) {
      throw new LaunchFailure(
          "the simulator (process %s) runs but nothing of it arrives over %s after %s s; see 'forearm doctor'"
              .formatted(sim.pid(), transport.description(), APPEAR_NANOS / 1_000_000_000));
    }
  }

  private void revive(int attempts) {
    line.say(sim.obituary());
    if (attempts == ATTEMPTS) {
      throw new LaunchFailure("the simulator died %s times in one episode".formatted(attempts));
    }
    line.say("starting the simulator again and repeating the episode");
    sim.restart();
    simulated.forget();
  }

  private String describe(EpisodeResult result) {
    return String.format(
        Locale.ROOT,
        "episode %s of %s: %s after %.1f s, %s%s",
        results.size() + 1,
        wanted,
        result.outcome().name().toLowerCase(Locale.ROOT),
        result.seconds(),
        result.detail(),
        result.recording().map(Demo::describe).orElse(""));
  }

  private static String describe(EpisodeReport recording) {
    return ", %s%s%s"
        .formatted(
            recording.file(),
            recording.complete() ? "" : " (recording stopped: " + recording.reason() + ")",
            recording.dropped().isEmpty() ? "" : ", dropped " + recording.dropped());
  }

  private void look() {
    line.update(this::liveText);
    if (stop.wanted() && !drive.ended()) {
      line.say("asked to stop: ending");
      drive.end();
    }
    if (dismissed() && !drive.ended()) {
      line.say("the window was closed: ending");
      drive.end();
    }
  }

  /** For the viewer, from its thread. */
  private Telemetry.Task taskState() {
    Optional<TaskState> state = simulated.state();
    return new Telemetry.Task(
        episode,
        state.map(TaskState::stageName).orElse("waiting for the simulator"),
        state.map(TaskState::stage).orElse(0),
        state.map(TaskState::stages).orElse(0));
  }

  private String liveText() {
    CycleSummary cycles = drive.controlCycles();
    ControlSnapshot now = session.control().board().snapshot();
    InferenceStatistics found = session.policyLoop().statistics();
    return String.format(
        Locale.ROOT,
        "%s %s/%s  %.1f Hz, period p99 %.0f us  foresight %s, realised %.2f, spread %.2f  %s  %s",
        task,
        results.size() + 1,
        wanted,
        cycles.meanHz(),
        cycles.periodP99Micros(),
        found.verdict().name().toLowerCase(Locale.ROOT),
        found.realised(),
        found.spread(),
        now.state(),
        simulated.state().map(TaskState::stageName).orElse("waiting for the simulator"));
  }
}
