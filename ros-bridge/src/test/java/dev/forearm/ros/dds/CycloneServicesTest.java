package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.forearm.ros.LogWatch;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.ffi.DdsNames;
import dev.forearm.ros.dds.ffi.DdsParticipant;
import dev.forearm.ros.dds.ffi.DdsReader;
import dev.forearm.ros.dds.ffi.DdsWriter;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateRequest;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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

  /** What other middleware asks may by chance have the form of what is asked here. */
  @Test
  void whoeverIsOnOtherMiddlewareIsToldOfAndNeitherAnsweredNorAsked() throws Exception {
    MessageType request = CycloneServices.withHeader(ChangeState.TYPE.request());
    CdrWriter asked = new CdrWriter(256);
    asked.begin();
    asked.writeInt64(1);
    asked.writeInt64(2);
    wanting("activate").write(asked);
    asked.end();
    List<String> warnings = new CopyOnWriteArrayList<>();
    try (LogWatch _ = new LogWatch("dev.forearm.ros", warnings);
        CycloneTransport transport = join();
        DdsParticipant foreign = new DdsParticipant(DOMAIN, "/", Map.of())) {
      try (ServiceServer server =
              transport.serve("/answers", ChangeState.TYPE, (_, _) -> fail("it was asked"));
          DdsWriter client = foreign.writer(DdsNames.requests("/answers"), request, Qos.DEFAULT)) {
        Peers.await("a match", () -> client.subscribers() == 1);
        Peers.await(
            "the warning",
            () ->
                warnings.stream()
                    .anyMatch(said -> said.contains("service /answers: its client is on other")));
        assertTrue(client.write(asked.segment(), asked.length()));
        Peers.await("its request", () -> server.refused() == 1);
      }
      try (ServiceClient<ChangeStateRequest, ChangeStateResponse> client =
              transport.client("/asks", ChangeState.TYPE);
          DdsReader server = foreign.reader(DdsNames.requests("/asks"), request, Qos.DEFAULT)) {
        Peers.await("a match", () -> server.publishers() == 1);
        Peers.await(
            "the warning",
            () ->
                !client.available()
                    && warnings.stream()
                        .anyMatch(said -> said.contains("service /asks: its server is on other")));
        ExecutionException refused =
            assertThrows(ExecutionException.class, client.call(wanting("x"))::get);
        assertTrue(refused.toString().contains("/asks: its server is on other"), refused::toString);
        assertEquals(0, server.take((_, _) -> {}));
      }
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
