package dev.forearm.ros.rcl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.LogWatch;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.dds.EchoCheck;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against ROS 2's own Python client library, in a process of its own. */
@Tag("ros")
class RclpyPeerTest {
  private static final int DOMAIN = FreeDomain.take();
  private static String python = "";

  @BeforeAll
  static void needsRosAndItsClientLibrary() {
    Ros2.require();
    python = Peers.requirePython("rclpy");
  }

  private static Process peer(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python));
    command.add(Peers.resource("python/rclpy_peer.py").toString());
    command.addAll(List.of(arguments));
    return Ros2.start(DOMAIN, command);
  }

  @Test
  void jointStatesAndMegabyteImagesGoToThePeerAndComeBack() throws Exception {
    EchoCheck.run(Ros2.join(DOMAIN, "echoed"), peer("echo"));
  }

  @Test
  void thePeerSeesANodeAndWhatItPublishes() throws Exception {
    try (RosTransport transport = Ros2.join(DOMAIN, "seen")) {
      transport.advertise("/robot_state", JointState.TYPE, Qos.LATCHED);
      Process peer = peer("graph", "/robot_state");
      List<String> told;
      try (BufferedReader output = peer.inputReader()) {
        told = output.lines().takeWhile(line -> !line.equals("done")).toList();
      } finally {
        peer.destroyForcibly();
      }
      assertTrue(told.contains("node /seen"), told.toString());
      assertTrue(told.contains("publisher / seen sensor_msgs/msg/JointState"), told.toString());
      assertTrue(told.contains("RELIABLE TRANSIENT_LOCAL"), told.toString());
    }
  }

  @Test
  void aPeerThatPublishesTheWrongTypeIsNamedAndNotHeard() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    Process peer = peer("wrong", "/typed");
    try (LogWatch _ = new LogWatch(GraphWatch.class, warnings);
        RosTransport transport = Ros2.join(DOMAIN, "choosy")) {
      Subscription subscription =
          transport.subscribe("/typed", JointState.TYPE, Qos.DEFAULT, (cdr, nanos) -> {});
      Peers.await(
          "the type",
          () ->
              warnings.contains(
                  "/typed: publisher /peer speaks std_msgs/msg/Empty, but"
                      + " sensor_msgs/msg/JointState is spoken here; they do not hear each other,"
                      + " correct one"));
      assertEquals(0, subscription.received());
    } finally {
      peer.destroyForcibly();
    }
  }

  /** A node that is killed says no goodbye: its lease has to run out. */
  @Test
  void aPeerThatLeavesAndComesBackIsHeardAgain() throws Exception {
    try (RosTransport transport = Ros2.join(DOMAIN, "patient")) {
      var out = transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
      Process first = peer("echo");
      Peers.await("the peer", () -> out.subscribers() == 1);
      first.destroyForcibly().waitFor();
      Peers.await("it to leave", () -> out.subscribers() == 0);
    }
    EchoCheck.run(Ros2.join(DOMAIN, "patient"), peer("echo"));
  }
}
