package dev.forearm.launch;

import dev.forearm.calibration.file.Calibration;
import dev.forearm.launch.node.CalibratedFrames;
import dev.forearm.launch.node.ImaginedFutures;
import dev.forearm.launch.node.RosLog;
import dev.forearm.launch.promote.PromoteService;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.launch.session.LoopReport;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RealTimeDrive;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.launch.swap.Policies;
import dev.forearm.launch.swap.SwapOptions;
import dev.forearm.launch.swap.SwapService;
import dev.forearm.launch.swap.Swaps;
import dev.forearm.launch.view.LiveTelemetry;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.Trust;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.WithholdingTransport;
import dev.forearm.ros.lifecycle.Lifecycle;
import dev.forearm.ros.lifecycle.LifecycleDuties;
import dev.forearm.ros.lifecycle.LifecycleState;
import dev.forearm.ros.lifecycle.LifecycleTransition;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.parameter.Values;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.task.Task;
import dev.forearm.viewer.ForesightTap;
import dev.forearm.viewer.Telemetry;
import dev.forearm.viewer.Viewer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
      "The topic forearm/label (String: success, failure, stage N) says how the episode goes.",
      "Where the robot file has a section takeover, a person may drive by its topics, until",
      "forearm/release (Empty) or the key p gives the arm back to its policy.",
      "Exits 0 unless the arm was stopped in the end because something was wrong."
    })
final class RunCommand implements Callable<Integer> {
  private static final long DISCOVERY_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS = 5_000_000;

  @Mixin private Output output;
  @Mixin private DrivingOptions driving;
  @Mixin private ForesightOption foresight;
  @Mixin private ProviderOptions providers;
  @Mixin private SwapOptions swaps;
  @Mixin private KeepOptions keeping;
  @Mixin private RosOptions ros;

  @Option(
      names = "--robot",
      required = true,
      description =
          "Robot file, or the name of one that comes with Forearm (tabletop, fr3, ur5e, so101).")
  private String robotName;

  @Option(
      names = "--bundle",
      description = {
        "Policy bundle, the name of one that comes with Forearm, expert (lift, of the table-top arm),",
        "or sway: a slow motion of every joint, for a first run."
      })
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

  @Option(
      names = "--dry-run",
      description = "Do everything but send commands: the arm does not move.")
  private boolean dryRun;

  @Option(names = "--seconds", description = "Stop after this long.")
  private @Nullable Double seconds;

  @Option(
      names = "--out",
      defaultValue = "episodes",
      description = "Folder for the recording (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--view",
      description = "Open a window on the robot; closing it changes nothing else.")
  private boolean view;

  private Optional<Calibration> calibrated = Optional.empty();
  private boolean stopped; // by the runtime itself, before anybody asked for the end

  @Override
  public Integer call() {
    Robot robot = robot();
    calibrated = Optional.ofNullable(calibration).map(file -> Calibration.read(file, robot.name()));
    Clock clock = new MonotonicClock();
    AgentFailures failures = new AgentFailures();
    try (StopSignal stop = new StopSignal();
        Node node = ros.node("forearm", clock, failures);
        RosLog _ = new RosLog(node);
        CalibratedFrames frames = new CalibratedFrames(node);
        Lifecycle lifecycle = new Lifecycle(node.optional(), node.clock()::now);
        Life life = new Life(robot)) {
      node.parameters().show("robot", "Its name.", Values.of(robot.name()));
      boolean alone =
          node.parameters().declare("autostart", "Become active at once, unasked.", true, _ -> {});
      frames.declare(calibrated);
      node.ready();
      if (alone) {
        lifecycle.go(LifecycleTransition.CONFIGURE, life);
      }
      while (!stop.wanted() && lifecycle.state() != LifecycleState.FINALIZED) {
        Loaded loaded = life.loaded;
        if (loaded == null) {
          lifecycle.turn(life);
          LockSupport.parkNanos(LOOK_NANOS);
        } else {
          run(loaded, node, clock, lifecycle, life, failures, stop, alone);
          alone = false;
          if (lifecycle.state() != LifecycleState.UNCONFIGURED) {
            break;
          }
          life.unload();
        }
      }
    }
    return failures.first().isPresent() || stopped ? 1 : 0;
  }

  /** In a dry run the arm follows nothing, which is then no fault of its joints. */
  private Robot robot() {
    Robot robot = driving.of(House.robot(robotName));
    return dryRun ? robot.waiting(robot.timeouts().withPatientTracking()) : robot;
  }

  /** What the arm is commanded over. */
  private RosTransport carrier(Robot robot, Node node) {
    if (!dryRun) {
      return node;
    }
    System.out.println("dry run: commands are not sent");
    return new WithholdingTransport(
        node,
        robot.groups().stream().map(group -> group.command().topic()).collect(Collectors.toSet()));
  }

  /** What a configured node has: a policy, and the shelf if it came from one. */
  private record Loaded(@Nullable Policies policies, Mind mind) {}

  /** What the node does at each transition of its life; this command's thread. */
  private final class Life implements LifecycleDuties, AutoCloseable {
    private final Robot robot;
    private @Nullable Loaded loaded;
    private @Nullable RobotSession session;

    Life(Robot robot) {
      this.robot = robot;
    }

    @Override
    public void configure() {
      Policies policies = swaps.policies(bundle, place -> loaded(place, robot)).orElse(null);
      try {
        loaded = new Loaded(policies, policies == null ? mind(robot) : policies.first());
      } catch (RuntimeException e) {
        if (policies != null) {
          policies.close();
        }
        throw e;
      }
    }

    @Override
    public void activate() {
      RobotSession ready = Objects.requireNonNull(session, "configured");
      ready.policyLoop().requestReset(); // in the recording: a replay starts with it
      ready.control().engage();
    }

    @Override
    public void deactivate() {
      Objects.requireNonNull(session, "configured").control().disengage();
    }

    /** The run sees the state and ends; then {@link #unload}. */
    @Override
    public void cleanUp() {}

    @Override
    public void shutDown() {}

    void unload() {
      Loaded left = loaded;
      loaded = null;
      if (left != null) {
        left.mind.close();
        if (left.policies != null) {
          left.policies.close();
        }
      }
    }

    @Override
    public void close() {
      unload();
    }
  }

  /** From loaded to cleaned up, or to the end of the program. */
  private void run(
      Loaded loaded,
      Node node,
      Clock clock,
      Lifecycle lifecycle,
      Life life,
      AgentFailures failures,
      StopSignal stop,
      boolean activate) {
    Mind mind = loaded.mind;
    Policies policies = loaded.policies;
    ControllerSwitch.apply(life.robot, node, dryRun);
    PolicySpec spec = mind.policy().spec();
    ImaginedFutures imagined = new ImaginedFutures(spec);
    ForesightTap viewed = new ForesightTap(spec);
    try (RobotSession session =
            new RobotSession(
                life.robot,
                mind,
                carrier(life.robot, node),
                clock,
                Optional.of(RecorderSettings.realTime(out)),
                view ? imagined.andThen(viewed) : imagined,
                new ImaginedFutures(spec));
        Swaps swapping =
            policies == null
                ? null
                : policies.follow(session, node, mind, line -> System.out.println(line));
        SwapService _ =
            policies == null
                ? null
                : new SwapService(node.optional(), "~/swap_policy", policies.shelf());
        PromoteService _ =
            policies == null
                ? null
                : new PromoteService(
                    node.optional(),
                    "~/promote",
                    policies.shelf(),
                    robotName,
                    trusted,
                    driving.arguments())) {
      session.recorder().ifPresent(keeping::applyTo);
      session.bridge().recordLabels();
      Supplier<Mind> atWork = swapping == null ? () -> mind : swapping::driving;
      try (RealTimeDrive drive = RealTimeDrive.start(session, failures, () -> {});
          Viewer _ = view ? viewer(session, drive, mind.name(), node, viewed) : null) {
        System.out.printf(
            "%s with %s, %s%n", session.robot().name(), mind.name(), node.description());
        tellStops(session);
        refuseSecondCommander(session, drive);
        life.session = session;
        Run run = new Run(session, drive, atWork, keeping, calibrationSha256());
        long limit = seconds == null ? Long.MAX_VALUE / 2 : Math.round(seconds * 1e9);
        run.until(node, lifecycle, life, activate, imagined, out, stop::wanted, limit);
        stopped = run.stopped();
        report(node, new LoopReport(session, drive), run.files());
      } finally {
        life.session = null;
      }
    }
  }

  private static Viewer viewer(
      RobotSession session, RealTimeDrive drive, String mind, Node node, ForesightTap foresight) {
    Robot robot = session.robot();
    String title = "%s with %s".formatted(robot.name(), mind);
    Telemetry.Task task = new Telemetry.Task(title, "nobody judges the task", 0, 0);
    return Viewer.open(
        robot,
        node,
        foresight,
        new LiveTelemetry(session, drive, title, node.description(), () -> task),
        Optional.empty());
  }

  private void report(Node node, LoopReport loops, List<Path> files) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("transport", node.description());
    report.put("dry_run", dryRun);
    report.putAll(loops.toJson());
    report.put(
        "episode_files", files.stream().map(file -> file.toAbsolutePath().toString()).toList());
    System.out.println(loops.inWords());
    files.forEach(file -> System.out.println("recording  " + file));
    output.write(report);
  }

  private Mind mind(Robot robot) {
    if (bundle == null) {
      throw new LaunchFailure("wanted --bundle BUNDLE or --policies SHELF; name what is to drive");
    }
    return bundle.equals(Mind.EXPERT) || bundle.equals(Mind.SWAY)
        ? ready(Mind.named(bundle, robot, Task.LIFT), robot)
        : loaded(House.bundle(bundle), robot);
  }

  private Mind loaded(Path place, Robot robot) {
    Trust trust = Trust.of(trusted, !trusted.isEmpty());
    RobotHashes hashes = new RobotHashes(Optional.empty(), calibrationSha256());
    Mind mind = Mind.of(place, robot, hashes, trust, providers.choice());
    return ready(providers.told(mind, System.out::println), robot);
  }

  private Optional<String> calibrationSha256() {
    return calibrated.map(Calibration::sha256);
  }

  private Mind ready(Mind mind, Robot robot) {
    return driving.of(foresight.of(mind), robot);
  }

  /**
   * For a script or a button that is wired to this machine there is a signal, without any topic.
   */
  private static void tellStops(RobotSession session) {
    if (SignalListener.listen("USR1", session.control()::stop).isPresent()) {
      System.out.printf("kill -USR1 %s stops the arm%n", ProcessHandle.current().pid());
    } else {
      System.out.println("this Java has no SIGUSR1 for an e-stop; use the topic forearm/e_stop");
    }
    if (Output.isTerminal()) {
      System.out.println(OperatorKeys.HELP);
    }
  }

  private static void refuseSecondCommander(RobotSession session, RealTimeDrive drive) {
    if (drive.runUntil(() -> session.bridge().commanders() > 1, DISCOVERY_NANOS)) {
      throw new LaunchFailure(
          "found %s commanders of the robot %s, wanted this one alone; stop the other"
              .formatted(session.bridge().commanders(), session.bridge().commanderNames()));
    }
  }
}
