package dev.forearm.launch;

import dev.forearm.calibration.file.Calibration;
import dev.forearm.launch.session.AgentFailure;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.launch.session.LoopReport;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.launch.swap.Policies;
import dev.forearm.launch.swap.SwapOptions;
import dev.forearm.launch.swap.Swaps;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Trust;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.robot.KeepRequests;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Run the runtime alone, against whatever publishes the robot's topics.",
      "Ends with Ctrl-C or after --seconds: the arm comes to rest and is let go.",
      "The topics forearm/e_stop (Bool), forearm/reset (Empty) and forearm/engage (Bool),",
      "SIGUSR1 (an e-stop) and the keys s, r, e with Enter say what the arm is to do.",
      "Where the robot file has a section takeover, a person may drive by its topics, until",
      "forearm/release (Empty) or the key p gives the arm back to its policy.",
      "Exits 0 unless the arm was stopped in the end because something was wrong."
    })
final class RunCommand implements Callable<Integer> {
  private static final long DISCOVERY_NANOS = 1_000_000_000L;

  @Mixin private Output output;
  @Mixin private ActuatorOptions actuators;
  @Mixin private ForesightOptions foresight;
  @Mixin private SwapOptions swaps;
  @Mixin private KeepOptions keeping;
  @Mixin private RosOptions ros;

  @Option(
      names = "--robot",
      required = true,
      description = "Robot file, or the name of one that comes with Forearm (tabletop, fr3).")
  private String robotName;

  @Option(
      names = "--bundle",
      description = "Policy bundle, the name of one that comes with Forearm, or expert (lift).")
  private @Nullable String bundle;

  @Option(
      names = "--trust",
      paramLabel = "KEY.pem",
      description = "Run only bundles signed by this Ed25519 public key, or another given so.")
  private List<Path> trusted = List.of();

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "This robot's calibration, for bundles that were made for one.")
  private @Nullable Path calibration;

  @Option(names = "--seconds", description = "Stop after this long.")
  private @Nullable Double seconds;

  @Option(
      names = "--out",
      defaultValue = "episodes",
      description = "Folder for the recording (default: ${DEFAULT-VALUE}).")
  private Path out;

  private Optional<String> calibrationSha256 = Optional.empty();
  private @Nullable ControlSnapshot shown;
  private boolean contested;
  private boolean stopped; // by the runtime itself, before anybody asked for the end

  @Override
  public Integer call() {
    Robot robot = foresight.of(House.robot(robotName));
    calibrationSha256 =
        Optional.ofNullable(calibration).map(file -> Calibration.read(file, robot.name()).sha256());
    Clock clock = new MonotonicClock();
    AgentFailures failures = new AgentFailures();
    try (StopSignal stop = new StopSignal();
        Policies policies = swaps.policies(bundle, place -> loaded(place, robot)).orElse(null);
        Mind mind = policies == null ? mind(robot) : policies.first();
        RosTransport transport = ros.transport().open(clock, failures);
        RobotSession session =
            new RobotSession(
                robot, mind, transport, clock, Optional.of(RecorderSettings.realTime(out)));
        KeepRequests keepers = new KeepRequests(transport);
        Swaps _ =
            policies == null
                ? null
                : policies.follow(session, transport, mind, line -> System.out.println(line))) {
      session.recorder().ifPresent(keeping::applyTo);
      try (RealTimeDrive drive = RealTimeDrive.start(session, failures, () -> {})) {
        System.out.printf("%s with %s, %s%n", robot.name(), mind.name(), transport.description());
        tellStops(session);
        refuseSecondCommander(session, drive);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("transport", transport.description());
        EpisodeReport recording = run(session, drive, mind, stop, keepers);
        LoopReport loops = new LoopReport(session, drive);
        report.putAll(loops.toJson());
        report.put("episode_files", List.of(recording.file().toAbsolutePath().toString()));
        System.out.println(loops.inWords());
        System.out.println("recording  " + recording.file());
        output.write(report);
      }
    }
    return failures.first().isPresent() || stopped ? 1 : 0;
  }

  private Mind mind(Robot robot) {
    if (bundle == null) {
      throw new LaunchFailure("wanted --bundle BUNDLE or --policies SHELF; name what is to drive");
    }
    return bundle.equals(Mind.EXPERT)
        ? ready(Mind.expert(Task.LIFT, robot), robot)
        : loaded(House.bundle(bundle), robot);
  }

  private Mind loaded(Path place, Robot robot) {
    Trust trust = Trust.of(trusted, !trusted.isEmpty());
    RobotHashes hashes = new RobotHashes(Optional.empty(), calibrationSha256);
    return ready(Mind.of(place, robot, hashes, trust), robot);
  }

  private Mind ready(Mind mind, Robot robot) {
    return actuators.adapted(foresight.of(mind), robot);
  }

  private EpisodeReport run(
      RobotSession session, RealTimeDrive drive, Mind mind, StopSignal stop, KeepRequests keepers) {
    session.begin(info("run-", session, mind));
    session.policyLoop().requestReset(); // in the recording: a replay starts with it
    session.control().engage();
    OperatorKeys keys = new OperatorKeys(System.in, session.control());
    long limit = seconds == null ? Long.MAX_VALUE / 2 : Math.round(seconds * 1e9);
    drive.runUntil(
        () -> {
          tellChanges(session.control().board().snapshot());
          keys.look();
          tellCommanders(session.bridge().commanders());
          if (keepers.poll()) {
            session
                .recorder()
                .ifPresent(recorder -> keeping.keep(recorder, info("kept-", session, mind)));
          }
          return stop.wanted();
        },
        limit);
    ControlSnapshot last = session.control().board().snapshot();
    Optional<AgentFailure> failure = drive.failure();
    stopped = last.state() == SafetyState.STOPPED || last.state() == SafetyState.FAULT;
    drive.close();
    EpisodeOutcome outcome =
        failure.isPresent()
            ? EpisodeOutcome.of(EpisodeOutcome.Result.ABORTED, failure.get().toString())
            : EpisodeOutcome.of(
                EpisodeOutcome.Result.UNKNOWN,
                "ended by %s in %s".formatted(stop.wanted() ? "signal" : "time", last.state()));
    return session.end(outcome).orElseThrow();
  }

  private EpisodeInfo info(String prefix, RobotSession session, Mind mind) {
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

  private static void tellStops(RobotSession session) {
    boolean listens = EStopSignal.listen(session.control()::stop);
    if (listens) {
      System.out.printf("kill -USR1 %s stops the arm%n", ProcessHandle.current().pid());
    } else {
      System.out.println("this Java has no SIGUSR1 for an e-stop; use the topic forearm/e_stop");
    }
    if (Output.isTerminal()) {
      System.out.println(OperatorKeys.HELP);
    }
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
  private void tellCommanders(int commanders) {
    if (commanders > 1 && !contested) {
      System.out.printf(
          "%s publishers command the robot at once, wanted this one alone; stop the other%n",
          commanders);
    }
    contested = commanders > 1;
  }

  private static void refuseSecondCommander(RobotSession session, RealTimeDrive drive) {
    if (drive.runUntil(() -> session.bridge().commanders() > 1, DISCOVERY_NANOS)) {
      throw new LaunchFailure(
          "found %s publishers on the command topic, wanted this one alone; stop the other commander"
              .formatted(session.bridge().commanders()));
    }
  }
}
