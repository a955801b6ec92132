package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.srv.lifecycle_msgs.GetState;
import dev.forearm.ros.srv.lifecycle_msgs.GetStateRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What ROS 2 tools are told of a node, and what is known of others. */
class NodeGraphTest {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsTheLibrary() {
    Peers.requireCyclone();
  }

  private static CycloneTransport join(String name) {
    NodeName node = new NodeName("/left_arm", name);
    return Peers.join(DdsOptions.loopback(DOMAIN).withNode(node));
  }

  private static String hash(MessageType type) {
    return "typehash=" + type.hash() + ";";
  }

  @Test
  void thePeerIsToldOfTheNodeAndAllThatItHas() throws Exception {
    try (CycloneTransport transport = join("shown");
        Publication _ = transport.advertise("state", JointState.TYPE, Qos.LATCHED);
        Subscription _ =
            transport.subscribe(
                "/commands", Float64MultiArray.TYPE, Qos.DEFAULT, (cdr, nanos) -> {});
        ServiceServer _ = transport.serve("shown/get_state", GetState.TYPE, (_, _) -> {})) {
      transport.advertise("gone", JointState.TYPE, Qos.LATCHED).close();
      try (NodePeer peer = new NodePeer(DOMAIN, "nodes", "/left_arm/shown", "4")) {
        List<String> said = peer.lines();
        assertTrue(said.contains("participants 1"), said::toString);
        assertTrue(
            said.contains("writer rt/left_arm/state " + hash(JointState.TYPE)), said::toString);
        assertTrue(
            said.contains("reader rt/commands " + hash(Float64MultiArray.TYPE)), said::toString);
        String service = "left_arm/shown/get_state";
        assertTrue(
            said.stream()
                .anyMatch(line ->
                    line.startsWith("reader rq/" + service + "Request serviceid=")
                        && line.endsWith(hash(GetStateRequest.TYPE))),
            said::toString);
        assertTrue(
            said.stream()
                .anyMatch(line -> line.startsWith("writer rr/" + service + "Reply serviceid=")),
            said::toString);
        assertEquals(5, said.size(), said::toString);
      }
    }
  }

  @Test
  void whoElsePublishesATopicIsKnownByName() throws Exception {
    try (CycloneTransport transport = join("alone");
        Publication _ = transport.advertise("/arm/commands", Float64MultiArray.TYPE, Qos.COMMAND)) {
      Peers.await("itself", () -> transport.publishersOf("/arm/commands").size() == 1);
      assertEquals(List.of("/left_arm/alone"), transport.publishersOf("/arm/commands"));
      try (NodePeer _ = new NodePeer(DOMAIN, "publish", "/arm/commands")) {
        Peers.await(
            "the rival", () -> transport.publishersOf("/arm/commands").contains("/rival/teleop"));
        assertEquals(2, transport.publishersOf("/arm/commands").size());
      }
      Peers.await("its end", () -> transport.publishersOf("/arm/commands").size() == 1);
    }
  }

  @Test
  void anAnnouncementThatIsNoneIsRefusedAndTheNextIsHeard() throws Exception {
    try (CycloneTransport transport = join("calm");
        NodePeer _ = new NodePeer(DOMAIN, "lie")) {
      Peers.await(
          "the honest node", () -> transport.publishersOf("/lied_about").contains("/rival/teleop"));
    }
  }
}
