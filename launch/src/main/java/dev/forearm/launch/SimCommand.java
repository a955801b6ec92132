package dev.forearm.launch;

import dev.forearm.launch.node.RosLog;
import dev.forearm.launch.session.AgentFailure;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.SimulatedTask;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.transport.TransportOptions;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.arm.ArmScene;
import dev.forearm.sim.camera.Picture;
import dev.forearm.sim.node.SimController;
import dev.forearm.sim.node.SimNode;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.node.SimulatedArm;
import dev.forearm.sim.scene.Disturbance;
import dev.forearm.sim.task.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm sim}. */
@Command(
    name = "sim",
    mixinStandardHelpOptions = true,
    description = {
      "Simulate a robot on its driver's ROS 2 topics, in real time: the table-top arm, or with",
      "--robot another arm by itself. Of the table-top arm:",
      "Publishes joint states, camera images and object poses; obeys /arm_controller/commands,",
      "/arm_controller/joint_trajectory and /sim/reset. Ends with Ctrl-C or after --seconds."
    })
final class SimCommand implements Callable<Integer> {
  private static final NodeName NODE = NodeName.FOREARM.named("forearm_sim");
  private static final String ROBOT = "tabletop";
  private static final long LOOK_NANOS = 20_000_000;
  private static final int LOOKS = 50;
  private static final long ORPHAN_MILLIS = 5_000;
  private static final int PICTURE_WIDTH = 960;
  private static final int PICTURE_HEIGHT = 640;

  @Mixin private Output output;
  @Mixin private TaskOptions asked;
  @Mixin private RosArgumentsOption ros;
  @Mixin private CarrierOption carrier;

  @Option(
      names = "--robot",
      defaultValue = ROBOT,
      description = {
        "tabletop, another that comes with Forearm (fr3, ur5e, so101) or a robot file",
        "(default: ${DEFAULT-VALUE}). A file whose name is tabletop says what the table-top arm's",
        "controllers take. Of others --gap default gives the joints their play."
      })
  private String robotName;

  @Option(
      names = "--scene",
      defaultValue = "tabletop",
      description = "The scene (default: ${DEFAULT-VALUE}, the only one).")
  private String scene;

  @Option(names = "--clock", description = "Publish /clock and stamp messages in simulated time.")
  private boolean clock;

  @Option(names = "--no-cameras", description = "Publish no images.")
  private boolean noCameras;

  @Option(
      names = "--interface",
      defaultValue = "lo",
      description = "Network interface (default: ${DEFAULT-VALUE}, this machine alone).")
  private String networkInterface;

  @Option(names = "--seconds", description = "Stop after this long.")
  private @Nullable Double seconds;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = {
        "Instead: let the scripted expert do the task and draw how it ends (PNG);",
        "of another arm, how it starts."
      })
  private @Nullable Path picture;

  @Option(
      names = "--ends-with-input",
      hidden = true,
      description = "End five seconds after standard input does: a demo's simulator.")
  private boolean endsWithInput;

  private volatile boolean orphaned;

  @Override
  public Integer call() {
    if (!scene.equals("tabletop")) {
      throw new LaunchFailure(
          "scene '%s' does not exist; the only one is 'tabletop'".formatted(scene));
    }
    Path file = picture;
    Robot robot = House.robot(robotName);
    if (!robot.name().equals(ROBOT)) {
      return file == null ? simulate(robot) : draw(robot, file);
    }
    return file == null ? simulate(settings(robot)) : draw(file);
  }

  /** The arm that comes with Forearm takes commands in either form. */
  private SimSettings settings(Robot robot) {
    return robotName.equals(ROBOT)
        ? new SimSettings(asked.gap(), Disturbance.NONE, clock)
        : new SimSettings(asked.gap(), Disturbance.NONE, clock, SimController.of(robot));
  }

  private int simulate(SimSettings settings) {
    AgentFailures failures = new AgentFailures();
    try (Node transport = node(failures);
        RosLog _ = new RosLog(transport)) {
      transport.ready();
      SimulatedTask.refuseAnother(transport);
      try (StopSignal stop = new StopSignal();
          SimulatedTask simulated = new SimulatedTask(transport);
          SimNode node = new SimNode(transport, settings, !noCameras)) {
        System.out.printf("simulating %s, %s%n", scene, transport.description());
        if (endsWithInput) {
          endWithInput();
        } else {
          simulated.reset(asked.task().label(), asked.seed());
        }
        waitForTheEnd(node, failures, stop);
        return report(node, transport, failures, scene);
      }
    }
  }

  private Node node(AgentFailures failures) {
    return ros.node(
        NODE,
        (name, enclave) ->
            TransportOptions.ofEnvironment(
                carrier.carrier(), name, enclave, Optional.of(networkInterface)),
        new MonotonicClock(),
        failures);
  }

  private int simulate(Robot robot) {
    boolean plays = plays();
    AgentFailures failures = new AgentFailures();
    try (Node transport = node(failures);
        RosLog _ = new RosLog(transport)) {
      transport.ready();
      refuseAnother(robot, transport);
      try (StopSignal stop = new StopSignal();
          SimNode node =
              new SimNode(transport, new SimulatedArm(transport, robot, plays, clock), clock)) {
        System.out.printf("simulating %s, %s%n", robot.name(), transport.description());
        if (endsWithInput) {
          endWithInput();
        }
        waitForTheEnd(node, failures, stop);
        return report(node, transport, failures, robot.name());
      }
    }
  }

  /** Of the gaps, only whether there is play is the arms' own. */
  private boolean plays() {
    return switch (asked.gapName()) {
      case "none" -> false;
      case "default" -> true;
      default ->
          throw new LaunchFailure(
              "--gap %s: is the table-top arm's; wanted none or default for '%s'"
                  .formatted(asked.gapName(), robotName));
    };
  }

  /** A second arm on the same topics, the real one above all, would be driven as well. */
  private static void refuseAnother(Robot robot, RosTransport transport) {
    for (JointGroup group : robot.groups()) {
      try (Subscription states =
          transport.subscribe(
              group.states(), JointState.TYPE, Qos.SENSOR_DATA, (cdr, receivedNanos) -> {})) {
        for (int look = 0; look < LOOKS; look++) {
          LockSupport.parkNanos(LOOK_NANOS);
          if (states.publishers() > 0) {
            throw new LaunchFailure(
                "simulator: found a robot on %s already; stop it, or set another ROS_DOMAIN_ID"
                    .formatted(group.states()));
          }
        }
      }
    }
  }

  private int report(
      SimNode node, RosTransport transport, AgentFailures failures, String simulated) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("scene", simulated);
    report.put("transport", transport.description());
    report.put("lost_steps", node.lostSteps());
    output.write(report);
    Throwable failure = node.failure();
    if (failure != null) {
      throw new LaunchFailure("the simulator ended: " + failure, failure);
    }
    failures.first().ifPresent(SimCommand::endOf);
    return 0;
  }

  private int draw(Robot robot, Path file) {
    try (ArmScene arm = new ArmScene(robot, plays())) {
      Picture.write(arm.model(), arm.data(), "portrait", PICTURE_WIDTH, PICTURE_HEIGHT, file);
      System.out.println(file);
      output.write(Map.of("picture", file.toAbsolutePath().toString()));
      return 0;
    }
  }

  private static void endOf(AgentFailure failed) {
    throw new LaunchFailure(
        "the simulator's agent '%s' ended: %s".formatted(failed.agent(), failed.cause()),
        failed.cause());
  }

  private void waitForTheEnd(SimNode node, AgentFailures failures, StopSignal stop) {
    long started = System.nanoTime();
    double limit = seconds == null ? Double.MAX_VALUE : seconds;
    while (!stop.wanted()
        && !orphaned
        && node.failure() == null
        && failures.first().isEmpty()
        && (System.nanoTime() - started) * 1e-9 < limit) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** A process that is killed cannot stop its children; this one notices. */
  private void endWithInput() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
                Thread.sleep(ORPHAN_MILLIS);
              } catch (IOException | InterruptedException e) {
                // Either way nobody is there any more.
              }
              orphaned = true;
            },
            "watch standard input");
    watch.setDaemon(true);
    watch.start();
  }

  private int draw(Path file) {
    Robot robot = House.robot(ROBOT);
    Task wanted = asked.task();
    SimSettings settings = SimSettings.of(asked.gap());
    try (Mind expert = Mind.expert(wanted, robot);
        LockstepRun run =
            new LockstepRun(robot, expert, wanted.label(), settings, Optional.empty())) {
      run.play(1, asked.seed(), _ -> {});
      Picture.write(run.scene(), "portrait", PICTURE_WIDTH, PICTURE_HEIGHT, file);
      System.out.println(file);
      output.write(Map.of("picture", file.toAbsolutePath().toString()));
      return 0;
    }
  }
}
