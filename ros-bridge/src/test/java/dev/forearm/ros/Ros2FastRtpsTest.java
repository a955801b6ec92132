package dev.forearm.ros;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.action.ActionClient;
import dev.forearm.ros.action.control_msgs.GripperCommand;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.EchoCheck;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.rcl.Ros2;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateRequest;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Forearm's own Cyclone DDS beside a real ROS 2 whose middleware is rmw_fastrtps: topics and names
 * of nodes are shared, services and with them actions are not. Skipped where the ROS 2 that is
 * sourced has no such middleware.
 */
@Tag("ros")
class Ros2FastRtpsTest {
  private static final String MIDDLEWARE = "rmw_fastrtps_cpp";
  private static final String FOREIGN = "on other middleware than rmw_cyclonedds";
  private static final int DOMAIN = FreeDomain.take();
  private static final NodeName NAME = new NodeName("/left", "arm");
  private static final String QUICK = " --no-daemon --spin-time 5";

  @BeforeAll
  static void needsTheMiddleware() {
    Ros2.require(MIDDLEWARE);
    Peers.requireCyclone();
  }

  /** Where ROS 2 itself is on this machine alone. */
  private static CycloneTransport join() {
    return Peers.join(DdsOptions.loopback(DOMAIN).withNetworkInterface("localhost").withNode(NAME));
  }

  private static Process shell(String command) throws Exception {
    return Ros2.start(
        DOMAIN, List.of("bash", "-c", "export RMW_IMPLEMENTATION=" + MIDDLEWARE + "; " + command));
  }

  private static Process peer(String script) throws Exception {
    return shell("exec " + Peers.requirePython("rclpy") + " " + Peers.resource("python/" + script));
  }

  private static String ros2(String command) throws Exception {
    Process process = shell("timeout 60 ros2 " + command);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void jointStatesAndMegabyteImagesGoToANodeAndComeBack() throws Exception {
    EchoCheck.run(join(), peer("rclpy_peer.py echo"));
  }

  @Test
  void itsCommandsSeeTheNodeAndItsTopicsWithTheirTypeHashes() throws Exception {
    try (CycloneTransport transport = join();
        Publication states = transport.advertise("states", JointState.TYPE, Qos.LATCHED)) {
      String nodes = ros2("node list" + QUICK);
      assertTrue(nodes.lines().toList().contains("/left/arm"), nodes);
      String info = ros2("node info /left/arm" + QUICK);
      assertTrue(info.contains("/left/states: sensor_msgs/msg/JointState"), info);
      String topic = ros2("topic info -v " + states.topic() + QUICK);
      assertTrue(topic.contains("Node name: arm\nNode namespace: /left"), topic);
      assertTrue(topic.contains("Topic type hash: " + JointState.TYPE.hash()), topic);
      assertTrue(topic.contains("Durability: TRANSIENT_LOCAL"), topic);
    }
  }

  @Test
  void itsNodeIsKnownByNameAndNothingIsAskedOfIt() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    Process peer = peer("rclpy_node.py");
    try (LogWatch _ = new LogWatch("dev.forearm.ros", warnings);
        CycloneTransport transport = join();
        ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
            transport.client("/served", ChangeState.TYPE);
        ActionClient<?, ?, ?> gripper =
            new ActionClient<>(transport, "/gripper", GripperCommand.TYPE)) {
      Peers.await(
          "its name", () -> transport.publishersOf("/rosout").contains("/rival/rclpy_node"));
      for (String service : List.of("/served", "/gripper/_action/send_goal")) {
        Peers.await(
            service,
            () ->
                !client.available()
                    && !gripper.available()
                    && warnings.stream()
                        .anyMatch(said -> said.contains(service) && said.contains(FOREIGN)));
      }
      assertTrue(
          client
              .call(new ChangeStateRequest(new Transition((byte) 3, "activate")))
              .isCompletedExceptionally());
    } finally {
      peer.destroyForcibly();
    }
  }

  @Test
  void whatItsNodesAskIsToldOfAndNotMisread() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    try (LogWatch _ = new LogWatch("dev.forearm.ros", warnings);
        CycloneTransport transport = join();
        ServiceServer _ =
            transport.serve(
                "/asked",
                ChangeState.TYPE,
                (request, reply) -> {
                  throw new AssertionError("misread as " + request);
                })) {
      Process asking =
          shell(
              "exec timeout 10 ros2 service call /asked lifecycle_msgs/srv/ChangeState"
                  + " '{transition: {label: a label that is longer than the header}}'");
      asking.waitFor();
      Peers.await("the warning", () -> !warnings.isEmpty());
      assertTrue(warnings.stream().allMatch(said -> said.contains(FOREIGN)), warnings::toString);
    }
  }
}
