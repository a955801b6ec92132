package dev.forearm.ros.rcl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.node.RosArguments;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateRequest;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over the sourced ROS 2, with its own tools and client library at the other end. */
@Tag("ros")
class RclServicesTest {
  private static final int DOMAIN = FreeDomain.take();
  private static final String QUICK = " --no-daemon --spin-time 3";

  @BeforeAll
  static void needsRos() {
    Ros2.require();
  }

  private static ChangeStateRequest wanting(String label) {
    return new ChangeStateRequest(new Transition((byte) 3, label));
  }

  private static String ros2(String command) throws Exception {
    Process process = Ros2.start(DOMAIN, List.of("bash", "-c", "timeout 60 ros2 " + command));
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void rosOwnToolsAreAnsweredAndReadParameters() throws Exception {
    NodeName name = new NodeName("/left", "arm");
    try (Node node =
            new Node(
                Ros2.join(DOMAIN, name),
                name,
                RosArguments.parse(List.of("-p", "speed:=0.75")),
                (agent, failure) -> {
                  throw new AssertionError(agent, failure);
                });
        ServiceServer server =
            node.serve(
                "asked",
                ChangeState.TYPE,
                (request, reply) ->
                    reply.accept(
                        new ChangeStateResponse(
                            request.transition().label().equals("activate"))))) {
      node.parameters().declare("speed", "how fast", 0.5, 0, 1, _ -> {});
      String call = "service call /left/asked lifecycle_msgs/srv/ChangeState";
      assertTrue(ros2(call + " '{transition: {label: activate}}'").contains("success=True"));
      assertTrue(ros2(call + " '{transition: {label: stop}}'").contains("success=False"));
      assertEquals(2, server.received());
      String set = ros2("param set /left/arm speed 0.25" + QUICK);
      assertTrue(set.contains("Set parameter successful"), set);
      assertTrue(ros2("param dump /left/arm" + QUICK).contains("speed: 0.25"));
      String info = ros2("node info /left/arm" + QUICK);
      assertTrue(info.contains("/left/asked: lifecycle_msgs/srv/ChangeState"), info);
    }
  }

  @Test
  void aRealNodesServiceAnswersAndItsNameIsKnown() throws Exception {
    String python = Peers.requirePython("rclpy");
    try (RclTransport transport = Ros2.join(DOMAIN, "asking");
        ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
            transport.client("/served", ChangeState.TYPE)) {
      assertFalse(client.available());
      Process peer =
          Ros2.start(DOMAIN, List.of(python, Peers.resource("python/rclpy_node.py").toString()));
      try {
        Peers.await("the service", client::available);
        assertTrue(client.call(wanting("activate")).get(20, TimeUnit.SECONDS).success());
        assertFalse(client.call(wanting("stop")).get(20, TimeUnit.SECONDS).success());
        Peers.await(
            "its name", () -> transport.publishersOf("/rosout").contains("/rival/rclpy_node"));
      } finally {
        peer.destroyForcibly();
      }
    }
  }

  @Test
  void anAnswerMayComeLaterAndAHandlersFaultHarmsNoOther() throws Exception {
    List<Consumer<ChangeStateResponse>> later = new ArrayList<>();
    try (RclTransport serving = Ros2.join(DOMAIN, "serving");
        RclTransport asking = Ros2.join(DOMAIN, "asking")) {
      ServiceServer server =
          serving.serve(
              "/later",
              ChangeState.TYPE,
              (request, reply) -> {
                switch (request.transition().label()) {
                  case "refused" -> throw new RosFault("not this one");
                  case "broken" -> throw new IllegalStateException("bug in test's handler");
                  default -> {
                    synchronized (later) {
                      later.add(reply);
                    }
                  }
                }
              });
      ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
          asking.client("/later", ChangeState.TYPE);
      Peers.await("the service", client::available);
      CompletableFuture<ChangeStateResponse> refused = client.call(wanting("refused"));
      CompletableFuture<ChangeStateResponse> _ = client.call(wanting("broken"));
      CompletableFuture<ChangeStateResponse> first = client.call(wanting("first"));
      CompletableFuture<ChangeStateResponse> second = client.call(wanting("second"));
      Peers.await(
          "both requests",
          () -> {
            synchronized (later) {
              return later.size() == 2;
            }
          });
      later.get(1).accept(new ChangeStateResponse(true));
      later.get(0).accept(new ChangeStateResponse(false));
      assertTrue(second.get(20, TimeUnit.SECONDS).success());
      assertFalse(first.get(20, TimeUnit.SECONDS).success());
      assertEquals(1, server.refused());
      assertEquals(4, server.received());
      assertFalse(refused.isDone());
      client.close();
      client.close();
      assertFalse(client.available());
      assertThrows(IllegalStateException.class, () -> client.call(wanting("late")));
      ExecutionException given = assertThrows(ExecutionException.class, refused::get);
      assertInstanceOf(RosFault.class, given.getCause());
      server.close();
      later.get(0).accept(new ChangeStateResponse(true)); // nobody is asked for it any more
    }
  }

  @Test
  void requestsThatNobodyAnswersDoNotPileUp() throws Exception {
    try (RclTransport transport = Ros2.join(DOMAIN, "silent");
        ServiceServer _ = transport.serve("/silent", ChangeState.TYPE, (_, _) -> {});
        ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
            transport.client("/silent", ChangeState.TYPE)) {
      Peers.await("the service", client::available);
      List<CompletableFuture<ChangeStateResponse>> answers = new ArrayList<>();
      for (int i = 0; i < ServiceClient.MOST_UNDER_WAY + 3; i++) {
        answers.add(client.call(wanting("x")));
      }
      assertEquals(3, answers.stream().filter(CompletableFuture::isCompletedExceptionally).count());
    }
  }
}
