package dev.forearm.ros.dds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.action.ActionClient;
import dev.forearm.ros.action.ActionGoal;
import dev.forearm.ros.action.ActionServer;
import dev.forearm.ros.action.GoalHandler;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.action.control_msgs.GripperCommandFeedback;
import dev.forearm.ros.action.control_msgs.GripperCommandGoal;
import dev.forearm.ros.action.control_msgs.GripperCommandResult;
import dev.forearm.ros.lifecycle.Lifecycle;
import dev.forearm.ros.lifecycle.LifecycleDuties;
import dev.forearm.ros.lifecycle.LifecycleState;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.node.RosArguments;
import dev.forearm.ros.rcl.Ros2;
import dev.forearm.ros.robot.RobotBridge;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateRequest;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateResponse;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a real ROS 2 with rmw_cyclonedds: the one that is sourced, or whose setup.bash is named
 * by {@code FOREARM_ROS_SETUP}. Skipped where there is none.
 */
@Tag("ros")
class Ros2Test {
  private static final int DOMAIN = FreeDomain.take();
  private static final NodeName NAME = new NodeName("/left", "arm");
  private static final String SETUP = System.getenv().getOrDefault("FOREARM_ROS_SETUP", "");
  private static final String QUICK = " --no-daemon --spin-time 3";

  @BeforeAll
  static void needsRos() {
    if (SETUP.isEmpty()) {
      var _ = Ros2.require();
    }
    Peers.requireCyclone();
  }

  private static Process shell(String command) throws Exception {
    String setup = SETUP.isEmpty() ? "" : "source " + SETUP + "; ";
    String rmw = "export RMW_IMPLEMENTATION=rmw_cyclonedds_cpp; ";
    return Peers.start(DOMAIN, List.of("bash", "-c", setup + rmw + command));
  }

  private static String ros2(String command) throws Exception {
    Process process = shell("timeout 60 ros2 " + command);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static Node node(String... arguments) {
    return new Node(
        Peers.join(DdsOptions.loopback(DOMAIN).withNode(NAME)),
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
    }
  }

  /** Is where it is wanted at once. */
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
      goal.succeed(new GripperCommandResult(position, 1, false, true));
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
