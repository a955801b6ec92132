package dev.forearm.ros;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.action.ActionClient;
import dev.forearm.ros.action.ActionGoal;
import dev.forearm.ros.action.ActionServer;
import dev.forearm.ros.action.GoalHandler;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.lifecycle.Lifecycle;
import dev.forearm.ros.lifecycle.LifecycleDuties;
import dev.forearm.ros.lifecycle.LifecycleState;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.node.RosArguments;
import dev.forearm.ros.rcl.Ros2;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateRequest;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateResponse;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The commands of a real ROS 2 over both transports: of the one that is sourced, with its
 * middleware over rcl and with rmw_cyclonedds over Cyclone DDS; or, over the latter alone, of the
 * one whose setup.bash is named by {@code FOREARM_ROS_SETUP}. Skipped where there is none.
 */
@Tag("ros")
@ParameterizedClass
@EnumSource(names = {"DDS", "RCL"})
class Ros2Test {
  private static final int DOMAIN = FreeDomain.take();
  private static final NodeName NAME = new NodeName("/left", "arm");
  private static final String SETUP = System.getenv().getOrDefault("FOREARM_ROS_SETUP", "");
  private static final String QUICK = " --no-daemon --spin-time 3";
  private static final int LOOKS = 20;

  private final Carrier carrier;

  Ros2Test(Carrier carrier) {
    this.carrier = carrier;
  }

  @BeforeEach
  void needsRos() {
    if (carrier == Carrier.RCL) {
      var _ = Ros2.require();
      return;
    }
    Peers.requireCyclone();
    if (SETUP.isEmpty()) {
      Ros2.require("rmw_cyclonedds_cpp");
    }
  }

  private Process shell(String command) throws Exception {
    String setup = SETUP.isEmpty() ? "" : "source " + SETUP + "; ";
    String cyclone = setup + "export RMW_IMPLEMENTATION=rmw_cyclonedds_cpp; " + command;
    return carrier == Carrier.DDS
        ? Peers.start(DOMAIN, List.of("bash", "-c", cyclone))
        : Ros2.start(DOMAIN, List.of("bash", "-c", command));
  }

  private String ros2(String command) throws Exception {
    return said("timeout 60 ros2 " + command, 0);
  }

  /** What a command says that ends with that code: 124 if it goes on until time is over. */
  private String said(String command, int code) throws Exception {
    Process process = shell(command);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(code, process.waitFor(), output);
    return output;
  }

  /** Until a command that waits for nobody to be discovered has discovered what is wanted. */
  private void awaitSaid(String command, String wanted) throws Exception {
    String output = "";
    for (int look = 0; look < LOOKS && !output.contains(wanted); look++) {
      output = said("timeout 60 ros2 " + command + " || true", 0);
    }
    assertTrue(output.contains(wanted), output);
  }

  /** Some of the commands start a process that looks on for them, and outlives them. */
  @AfterEach
  void stopTheDaemon() throws Exception {
    var _ = said("timeout 60 ros2 daemon stop || true", 0);
  }

  private Node node(String... arguments) {
    return new Node(
        carrier == Carrier.DDS
            ? Peers.join(DdsOptions.loopback(DOMAIN).withNode(NAME))
            : Ros2.join(DOMAIN, NAME),
        NAME,
        RosArguments.parse(List.of(arguments)),
        (agent, failure) -> {
          throw new AssertionError(agent, failure);
        });
  }

  @Test
  void theNodeIsListedWithItsTopicsAndServicesAndTypeHashes() throws Exception {
    try (Node node = node();
        Publication commands = node.advertise("commands", Float64MultiArray.TYPE, Qos.COMMAND)) {
      assertTrue(ros2("node list" + QUICK).lines().toList().contains("/left/arm"));
      String info = ros2("node info /left/arm" + QUICK);
      assertTrue(info.contains("/left/commands: std_msgs/msg/Float64MultiArray"), info);
      assertTrue(info.contains("/left/arm/set_parameters: rcl_interfaces/srv/SetParameters"), info);
      String topic = ros2("topic info -v " + commands.topic() + QUICK);
      assertTrue(topic.contains("Node name: arm\nNode namespace: /left"), topic);
      assertTrue(topic.contains("Topic type hash: " + Float64MultiArray.TYPE.hash()), topic);
      assertTrue(topic.contains("Reliability: RELIABLE"), topic);
    }
  }

  @Test
  void topicsAreListedEchoedMeasuredAndPublishedTo() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (Node node = node();
        Publication commands = node.advertise("commands", Float64MultiArray.TYPE, Qos.COMMAND);
        Publication frames = node.advertise("/tf_static", TFMessage.TYPE, Qos.LATCHED);
        Subscription _ =
            node.subscribe(
                "words",
                dev.forearm.ros.msg.std_msgs.String.TYPE,
                Qos.SENSOR_DATA,
                (cdr, _) -> heard.add(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data()))) {
      String list = ros2("topic list -t" + QUICK);
      assertTrue(list.contains("/left/commands [std_msgs/msg/Float64MultiArray]"), list);
      assertTrue(list.contains("/left/words [std_msgs/msg/String]"), list);
      String word = "'{data: \u00e4rm}'";
      String repeated =
          "topic pub -t 5 -w 1 "; // a best-effort reader may not know the first's writer
      String sent = ros2(repeated + "/left/words std_msgs/msg/String " + word);
      assertTrue(sent.contains("publishing #1"), sent);
      assertEquals("\u00e4rm", Peers.poll(heard));

      CdrWriter writer = new CdrWriter(64);
      new TFMessage(List.of()).encode(writer);
      frames.publish(writer);
      String latched =
          ros2(
              "topic echo --once --qos-durability transient_local --qos-reliability reliable"
                  + " /tf_static tf2_msgs/msg/TFMessage");
      assertTrue(latched.contains("transforms: []"), latched);

      Float64MultiArray command =
          new Float64MultiArray(new MultiArrayLayout(List.of(), 0), new double[] {0.5, -2});
      try (Node.Repetition _ =
          node.every(
              () -> TimeUnit.MILLISECONDS.toNanos(20),
              () -> {
                command.encode(writer);
                commands.publish(writer);
              })) {
        String echo = ros2("topic echo --once /left/commands" + QUICK);
        assertTrue(echo.contains("- 0.5\n- -2.0"), echo);
        String hertz =
            said("PYTHONUNBUFFERED=1 timeout 20 ros2 topic hz /left/commands --spin-time 3", 124);
        assertTrue(hertz.contains("average rate: "), hertz);
      }
    }
  }

  @Test
  void servicesAreListedWithTheirTypes() throws Exception {
    try (Node node = node();
        ServiceServer _ =
            node.serve(
                "asked",
                ChangeState.TYPE,
                (request, reply) ->
                    reply.accept(
                        new ChangeStateResponse(
                            request.transition().label().equals("activate"))))) {
      String list = ros2("service list -t" + QUICK);
      assertTrue(list.contains("/left/asked [lifecycle_msgs/srv/ChangeState]"), list);
      awaitSaid("service find lifecycle_msgs/srv/ChangeState", "/left/asked");
      String call = "service call /left/asked lifecycle_msgs/srv/ChangeState";
      assertTrue(ros2(call + " '{transition: {label: activate}}'").contains("success=True"));
      assertTrue(ros2(call + " '{transition: {label: stop}}'").contains("success=False"));
    }
  }

  @Test
  void parametersAreListedSetDumpedAndLoaded(@TempDir Path folder) throws Exception {
    try (Node node = node("-p", "speed:=0.75")) {
      node.parameters().declare("speed", "how fast", 0.5, 0, 1, _ -> {});
      String list = ros2("param list /left/arm" + QUICK);
      assertTrue(list.contains("speed") && list.contains("use_sim_time"), list);
      assertTrue(ros2("param get /left/arm speed" + QUICK).contains("0.75"));
      String set = ros2("param set /left/arm speed 0.25" + QUICK);
      assertTrue(set.contains("Set parameter successful"), set);
      String refused = ros2("param set /left/arm speed 7.5" + QUICK + " || true");
      assertTrue(refused.contains("floating point range"), refused);
      String dump = ros2("param dump /left/arm" + QUICK);
      assertTrue(dump.contains("speed: 0.25"), dump);
      Path file = folder.resolve("arm.yaml");
      Files.writeString(file, dump.replace("0.25", "0.5"));
      String load = ros2("param load /left/arm " + file + QUICK);
      assertTrue(load.contains("Set parameter speed successful"), load);
      assertTrue(ros2("param get /left/arm speed" + QUICK).contains("0.5"));
    }
  }

  @Test
  void theLifecycleIsLedByItsCommand() throws Exception {
    try (Node node = node();
        Lifecycle lifecycle = new Lifecycle(node, node.clock()::now)) {
      Thread turning =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                while (lifecycle.state() != LifecycleState.FINALIZED) {
                  lifecycle.turn(new Idle());
                  Thread.onSpinWait();
                }
              });
      assertTrue(ros2("lifecycle get /left/arm" + QUICK).contains("unconfigured [1]"));
      String set = ros2("lifecycle set /left/arm configure" + QUICK);
      assertTrue(set.contains("Transitioning successful"), set);
      assertEquals(LifecycleState.INACTIVE, lifecycle.state());
      String list = ros2("lifecycle list /left/arm" + QUICK);
      assertTrue(list.contains("activate [3]") && !list.contains("configure [1]"), list);
      String call =
          ros2(
              "service call /left/arm/change_state lifecycle_msgs/srv/ChangeState"
                  + " '{transition: {label: shutdown}}'");
      assertTrue(call.contains("success=True"), call);
      turning.join(TimeUnit.SECONDS.toMillis(20));
      assertFalse(turning.isAlive());
    }
  }

  @Test
  void anActionIsServedToItsCommand() throws Exception {
    try (Node node = node();
        ActionServer<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> _ =
            new ActionServer<>(
                node,
                "gripper",
                GripperCommand.TYPE,
                new Gripper(),
                node.clock()::now,
                new GripperCommandResult(0, 0, false, false))) {
      awaitSaid("action list -t", "/left/gripper [control_msgs/action/GripperCommand]");
      awaitSaid("action info -t /left/gripper", "arm [control_msgs/action/GripperCommand]");
      String sent =
          ros2(
              "action send_goal --feedback /left/gripper control_msgs/action/GripperCommand"
                  + " '{command: {position: 0.04, max_effort: 5.0}}'");
      assertTrue(sent.contains("Goal finished with status: SUCCEEDED"), sent);
      assertTrue(sent.contains("reached_goal: true"), sent);
      assertTrue(sent.contains("position: 0.02"), sent); // feedback
      String refused =
          ros2(
              "action send_goal /left/gripper control_msgs/action/GripperCommand"
                  + " '{command: {position: -1.0}}'");
      assertTrue(refused.contains("Goal was rejected"), refused);
      Process endless =
          shell(
              "exec env PYTHONUNBUFFERED=1 ros2 action send_goal --feedback"
                  + " /left/gripper control_msgs/action/GripperCommand '{command: {position:"
                  + " 2.0}}'");
      try (BufferedReader lines = endless.inputReader(UTF_8)) {
        String line = lines.readLine();
        while (line != null && !line.contains("position: 1.0")) { // feedback
          line = lines.readLine();
        }
        ros2("service call /left/gripper/_action/cancel_goal action_msgs/srv/CancelGoal");
        String rest = lines.lines().collect(Collectors.joining("\n"));
        assertTrue(rest.contains("Goal finished with status: CANCELED"), rest);
      } finally {
        endless.destroyForcibly();
      }
    }
  }

  /** Is where it is wanted at once, but for places beyond 1 m, which it never comes to. */
  private static final class Gripper
      implements GoalHandler<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> {
    @Override
    public boolean accepts(GripperCommandGoal goal) {
      return goal.command().position() >= 0;
    }

    @Override
    public void begin(
        ActionGoal<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> goal) {
      double position = goal.goal().command().position();
      goal.feedback(new GripperCommandFeedback(position / 2, 1, false, false));
      if (position <= 1) {
        goal.succeed(new GripperCommandResult(position, 1, false, true));
        return;
      }
      Thread _ =
          Thread.ofVirtual()
              .start(() -> {
                while (!goal.cancelling()) {
                  LockSupport.parkNanos(1_000_000);
                }
                goal.cancelled(new GripperCommandResult(position / 2, 1, true, false));
              });
    }
  }

  @Test
  void aRealNodesServiceAndActionAnswerAndItsNameIsKnown() throws Exception {
    Process peer = shell("exec python3 " + Peers.resource("python/rclpy_node.py"));
    try (Node node = node();
        ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
            node.client("/served", ChangeState.TYPE);
        ActionClient<GripperCommandGoal, GripperCommandResult, GripperCommandFeedback> gripper =
            new ActionClient<>(node, "/gripper", GripperCommand.TYPE)) {
      Peers.await("the service", client::available);
      Transition right = new Transition((byte) 3, "activate");
      Transition wrong = new Transition((byte) 4, "activate");
      assertTrue(client.call(new ChangeStateRequest(right)).get(20, TimeUnit.SECONDS).success());
      assertFalse(client.call(new ChangeStateRequest(wrong)).get(20, TimeUnit.SECONDS).success());
      Peers.await("its name", () -> node.publishersOf("/rosout").contains("/rival/rclpy_node"));

      Peers.await("the action", gripper::available);
      BlockingQueue<Double> feedback = new LinkedBlockingQueue<>();
      var reached =
          gripper.send(to(0.5), f -> feedback.add(f.position())).get(20, TimeUnit.SECONDS);
      assertEquals(GoalStatus.STATUS_SUCCEEDED, reached.end().get(20, TimeUnit.SECONDS).status());
      assertTrue(reached.end().join().result().reachedGoal());
      ExecutionException refused =
          assertThrows(
              ExecutionException.class,
              () -> gripper.send(to(-1), f -> {}).get(20, TimeUnit.SECONDS));
      assertTrue(String.valueOf(refused.getMessage()).contains("refuses"), refused::toString);
      var endless = gripper.send(to(2), f -> feedback.add(f.position())).get(20, TimeUnit.SECONDS);
      Peers.await("feedback of it", () -> feedback.contains(2.0));
      assertTrue(endless.cancel().get(20, TimeUnit.SECONDS));
      assertEquals(GoalStatus.STATUS_CANCELED, endless.end().get(20, TimeUnit.SECONDS).status());
    } finally {
      peer.destroyForcibly();
    }
  }

  @Test
  void commandsReachARealNodesGripperAsGoalsAndTheNewerReplacesTheOlder() throws Exception {
    Robot robot =
        RobotFile.parse(
            Files.readString(Path.of("../runtime/src/test/resources/robots/arm_and_gripper.yaml"))
                .replace(
                    "topic: /gripper_controller/joint_trajectory, form: trajectory, rate_hz: 50",
                    "action: /gripper, form: gripper, rate_hz: 2, change_min: 0.01, effort_max: 5"),
            "arm.yaml");
    Process peer = shell("exec python3 " + Peers.resource("python/rclpy_node.py"));
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().start(() -> peer.inputReader().lines().forEach(told::add));
    AtomicReference<Double> position = new AtomicReference<>(0.0);
    AtomicBoolean over = new AtomicBoolean();
    try (Node node = node();
        RobotBridge bridge =
            new RobotBridge(robot, new RobotSignals(robot), node, Optional.empty())) {
      Thread commanding =
          Thread.ofPlatform()
              .start(() -> {
                double[] command = new double[robot.jointCount()];
                while (!over.get()) {
                  command[command.length - 1] = position.get();
                  bridge.commands().send(command, System.nanoTime());
                  int _ = bridge.commands().doWork(System.nanoTime());
                  int _ = bridge.goals().orElseThrow().doWork(System.nanoTime());
                  LockSupport.parkNanos(2_000_000);
                }
              });
      try {
        assertEquals("ready", Peers.poll(told));
        position.set(2.0);
        assertEquals("goal 2.0", Peers.poll(told));
        position.set(0.5);
        assertEquals("cancelled", Peers.poll(told));
        assertEquals("goal 0.5", Peers.poll(told));
      } finally {
        over.set(true);
        commanding.join();
      }
    } finally {
      peer.destroyForcibly();
    }
  }

  private static GripperCommandGoal to(double position) {
    return new GripperCommandGoal(new dev.forearm.ros.msg.control_msgs.GripperCommand(position, 5));
  }

  private static final class Idle implements LifecycleDuties {
    @Override
    public void configure() {}

    @Override
    public void activate() {}

    @Override
    public void deactivate() {}

    @Override
    public void cleanUp() {}

    @Override
    public void shutDown() {}
  }
}
