package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.MessageType;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
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
import org.junit.jupiter.api.Test;

class CycloneServicesTest {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsTheLibrary() {
    Peers.requireCyclone();
  }

  private static CycloneTransport join() {
    return Peers.join(DdsOptions.loopback(DOMAIN));
  }

  private static ChangeStateRequest wanting(String label) {
    return new ChangeStateRequest(new Transition((byte) 3, label));
  }

  private static void evenSucceed(ChangeStateRequest request, Consumer<ChangeStateResponse> reply) {
    assertEquals("label " + request.transition().id(), request.transition().label());
    reply.accept(new ChangeStateResponse(request.transition().id() % 2 == 0));
  }

  @Test
  void thePeerIsAnsweredEachOfItsRequests() throws Exception {
    try (CycloneTransport transport = join();
        ServiceServer server =
            transport.serve("/asked", ChangeState.TYPE, CycloneServicesTest::evenSucceed);
        NodePeer peer = new NodePeer(DOMAIN, "call", "/asked")) {
      assertEquals(
          List.of(
              "0=True 1=False 2=True 3=False 4=True 5=False 6=True 7=False 8=True 9=False"
                  + " 10=True 11=False"),
          peer.lines());
      assertEquals(12, server.received());
      assertEquals(0, server.refused());
    }
  }

  @Test
  void aPeersAnswersGoToWhoAskedAndNoOther() throws Exception {
    try (CycloneTransport transport = join();
        ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
            transport.client("/peers", ChangeState.TYPE);
        ServiceClient<ChangeStateRequest, ChangeStateResponse> other =
            transport.client("/peers", ChangeState.TYPE)) {
      assertFalse(client.available());
      try (NodePeer _ = new NodePeer(DOMAIN, "serve", "/peers")) {
        Peers.await("the service", () -> client.available() && other.available());
        assertTrue(client.call(wanting("activate")).get(20, TimeUnit.SECONDS).success());
        assertFalse(other.call(wanting("configure")).get(20, TimeUnit.SECONDS).success());
      }
      Peers.await("its end", () -> !client.available());
    }
  }

  @Test
  void anAnswerMayComeLaterAndAHandlersFaultHarmsNoOther() throws Exception {
    List<Consumer<ChangeStateResponse>> later = new ArrayList<>();
    try (CycloneTransport serving = join();
        CycloneTransport asking = join();
        ServiceServer server =
            serving.serve(
                "/later",
                ChangeState.TYPE,
                (request, reply) -> {
                  if (request.transition().label().equals("broken")) {
                    throw new RosFault("not this one");
                  }
                  synchronized (later) {
                    later.add(reply);
                  }
                })) {
      ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
          asking.client("/later", ChangeState.TYPE);
      Peers.await("the service", client::available);
      CompletableFuture<ChangeStateResponse> broken = client.call(wanting("broken"));
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
      assertFalse(broken.isDone());
      client.close();
      ExecutionException given = assertThrows(ExecutionException.class, broken::get);
      assertInstanceOf(RosFault.class, given.getCause());
    }
  }

  @Test
  void aServerThatDefinesTheAnswerOtherwiseIsNotAsked() throws Exception {
    MessageType known = ChangeState.TYPE.response();
    MessageType later =
        new MessageType(
            known.name(), "RIHS01_" + "0".repeat(64), known.definition(), known.fields());
    ServiceType<ChangeStateRequest, ChangeStateResponse> other =
        new ServiceType<>(
            ChangeState.TYPE.name(),
            ChangeState.TYPE.request(),
            later,
            ChangeState.TYPE.readRequest(),
            ChangeState.TYPE.readResponse());
    try (CycloneTransport serving = join();
        CycloneTransport asking = join();
        ServiceServer server = serving.serve("/other", other, CycloneServicesTest::evenSucceed);
        ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
            asking.client("/other", ChangeState.TYPE)) {
      Peers.await("the service", client::available);
      ExecutionException refused =
          assertThrows(ExecutionException.class, client.call(wanting("x"))::get);
      assertTrue(refused.toString().contains("/other: its server defines"), refused::toString);
      assertEquals(0, server.received());
    }
  }

  @Test
  void requestsThatNobodyAnswersDoNotPileUp() throws Exception {
    try (CycloneTransport serving = join();
        CycloneTransport asking = join();
        ServiceServer _ = serving.serve("/silent", ChangeState.TYPE, (_, _) -> {});
        ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
            asking.client("/silent", ChangeState.TYPE)) {
      Peers.await("the service", client::available);
      List<CompletableFuture<ChangeStateResponse>> answers = new ArrayList<>();
      for (int i = 0; i < ServiceClient.MOST_UNDER_WAY + 3; i++) {
        answers.add(client.call(wanting("x")));
      }
      assertEquals(3, answers.stream().filter(CompletableFuture::isCompletedExceptionally).count());
    }
  }
}
