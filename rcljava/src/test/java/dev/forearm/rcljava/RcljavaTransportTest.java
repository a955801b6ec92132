package dev.forearm.rcljava;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.forearm.ros.Endpoint;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageField;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.geometry_msgs.Transform;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.Imu;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.MultiArrayDimension;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import dev.forearm.ros.security.Enclave;
import dev.forearm.ros.srv.lifecycle_msgs.GetState;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.ros.transport.TransportOptions;
import dev.forearm.runtime.clock.MonotonicClock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside Forearm's own transport over rcl, in the domain that this process's environment names. */
class RcljavaTransportTest {
  private static final int PATIENCE_SECONDS = 20;
  private static final Header HEADER = new Header(new Time(7, -1), "r\u00e4d");

  private static TransportOptions options(Carrier carrier, String enclave, String lan) {
    return TransportOptions.ofEnvironment(
        carrier,
        NodeName.FOREARM.named(carrier == Carrier.RCL ? "peer" : "adapted"),
        enclave,
        Optional.of(lan).filter(name -> !name.isEmpty()));
  }

  private static RosTransport open(Carrier carrier) {
    return options(carrier, Enclave.ROOT, "")
        .open(
            new MonotonicClock(),
            (agent, failure) -> {
              throw new AssertionError(agent + " ended", failure);
            });
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("waited in vain for " + what);
      }
      Thread.sleep(5);
    }
  }

  private static String poll(BlockingQueue<String> queue) throws InterruptedException {
    String next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "waited in vain for a message");
    return next;
  }

  private static String hex(MemorySegment cdr) {
    return HexFormat.of().formatHex(cdr.toArray(ValueLayout.JAVA_BYTE));
  }

  private static CdrWriter encoded(Message message) {
    CdrWriter writer = new CdrWriter(64);
    message.encode(writer);
    return writer;
  }

  private static Vector3 vector(double first) {
    return new Vector3(first, first + 1, first + 2);
  }

  static Stream<Message> messages() {
    Random seed3 = new Random(3);
    byte[] pixels = new byte[640 * 480 * 3];
    seed3.nextBytes(pixels);
    double[] covariance = seed3.doubles(9).toArray();
    Quaternion turned = new Quaternion(0.5, -0.5, 0.5, -0.5);
    return Stream.of(
        new JointState(
            HEADER,
            List.of("j1", "j\u00e42"),
            new double[] {0.25, -1},
            new double[] {},
            new double[] {1e300, Double.NEGATIVE_INFINITY}),
        new Float64MultiArray(
            new MultiArrayLayout(List.of(new MultiArrayDimension("rows", -1, 7)), 3),
            new double[] {3}),
        new Imu(HEADER, turned, covariance, vector(1), covariance, vector(4), covariance),
        new TFMessage(
            List.of(
                new TransformStamped(HEADER, "tool", new Transform(vector(0), turned)),
                new TransformStamped(HEADER, "eye", new Transform(vector(9), turned)))),
        new Image(HEADER, 480, 640, "rgb8", (byte) 0, 640 * 3, pixels));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesGoToAnotherTransportAndComeBackWithTheSameBytes(Message message) throws Exception {
    BlockingQueue<String> there = new LinkedBlockingQueue<>();
    BlockingQueue<String> back = new LinkedBlockingQueue<>();
    MessageType type = message.messageType();
    try (RosTransport ours = open(Carrier.RCLJAVA);
        RosTransport peer = open(Carrier.RCL)) {
      Publication out = ours.advertise("/out", type, Qos.DEFAULT);
      Publication echo = peer.advertise("/back", type, Qos.DEFAULT);
      peer.subscribe(
          "/out",
          type,
          Qos.DEFAULT,
          (cdr, nanos) -> {
            there.add(hex(cdr));
            echo.publish(cdr, cdr.byteSize());
          });
      Subscription echoed =
          ours.subscribe("/back", type, Qos.DEFAULT, (cdr, nanos) -> back.add(hex(cdr)));
      await("the peer", () -> out.subscribers() == 1 && echoed.publishers() == 1);
      CdrWriter writer = encoded(message);
      out.publish(writer);
      String sent = hex(writer.segment().asSlice(0, writer.length()));
      assertEquals(sent, poll(there));
      assertEquals(sent, poll(back));
      assertEquals(1, echoed.received());
      assertEquals(0, echoed.refused());
    }
  }

  @Test
  void whoPublishesIsSeenAndWhatWasLatchedIsHeardLate() throws Exception {
    BlockingQueue<String> late = new LinkedBlockingQueue<>();
    try (RosTransport peer = open(Carrier.RCL);
        RosTransport ours = open(Carrier.RCLJAVA)) {
      assertTrue(ours.description().startsWith("rcljava, rmw_"), ours::description);
      Publication latched = ours.advertise("status", Header.TYPE, Qos.LATCHED);
      assertEquals("/status", latched.topic());
      latched.publish(encoded(HEADER));
      peer.subscribe(
          "/status",
          Header.TYPE,
          Qos.LATCHED,
          (cdr, nanos) -> late.add(Header.decode(cdr).frameId()));
      assertEquals(HEADER.frameId(), poll(late));
      await("its node", () -> peer.publishersOf("/status").equals(List.of("/adapted")));
      Endpoint heard = ours.endpoints(Endpoint.Role.SUBSCRIBER, "/status").getFirst();
      assertEquals("/peer", heard.node());
      assertEquals("std_msgs/msg/Header", heard.type());
      assertEquals(Qos.Durability.TRANSIENT_LOCAL, heard.durability());
    }
  }

  @Test
  void subscriptionsThatCloseWhileMessagesWaitLoseNobodyElses() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (RosTransport peer = open(Carrier.RCL);
        RosTransport ours = open(Carrier.RCLJAVA)) {
      Publication out = peer.advertise("/busy", Header.TYPE, Qos.DEFAULT);
      List<Subscription> closing =
          IntStream.range(0, 8)
              .mapToObj(_ -> ours.subscribe("/busy", Header.TYPE, Qos.DEFAULT, (cdr, nanos) -> {}))
              .toList();
      ours.subscribe(
          "/busy",
          Header.TYPE,
          Qos.DEFAULT,
          (cdr, nanos) -> heard.add(Header.decode(cdr).frameId()));
      await("all of them", () -> out.subscribers() == 9);
      for (int i = 0; i < closing.size(); i++) {
        out.publish(encoded(new Header(new Time(i, 0), "m" + i)));
        closing.get(i).close();
      }
      for (int i = 0; i < closing.size(); i++) {
        assertEquals("m" + i, poll(heard));
      }
      await("only one to be left", () -> out.subscribers() == 1);
    }
  }

  @Test
  void aHandlersFaultIsCountedAndItsBugSilencesNobody() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (RosTransport ours = open(Carrier.RCLJAVA)) {
      Publication out = ours.advertise("/loop", Header.TYPE, Qos.DEFAULT);
      Subscription loop =
          ours.subscribe(
              "/loop",
              Header.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> {
                String frame = Header.decode(cdr).frameId();
                switch (frame) {
                  case "refused" -> throw new RosFault(frame);
                  case "bug" -> throw new IllegalStateException(frame);
                  default -> heard.add(frame);
                }
              });
      await("itself", () -> out.subscribers() == 1 && loop.publishers() == 1);
      for (String frame : List.of("refused", "bug", "sound")) {
        out.publish(encoded(new Header(new Time(0, 0), frame)));
      }
      assertEquals("sound", poll(heard));
      assertEquals(1, loop.refused());
    }
  }

  @Test
  void whatItCannotDoIsRefusedByName() {
    try (RosTransport ours = open(Carrier.RCLJAVA)) {
      assertTrue(
          refused(() -> ours.client("/get_state", GetState.TYPE)).contains("carries topics alone"));
      MessageType unknown = new MessageType("lab_msgs/msg/Unknown", "", "", List.of());
      assertTrue(
          refused(() -> ours.advertise("/unknown", unknown, Qos.DEFAULT))
              .contains("no message class lab_msgs.msg.Unknown"));
      MessageType other = new MessageType("std_msgs/msg/Header", "", "", List.of());
      assertTrue(
          refused(() -> ours.advertise("/other", other, Qos.DEFAULT))
              .contains("another version of the definition"));
      MessageType retyped =
          new MessageType(
              "builtin_interfaces/msg/Time",
              "",
              "",
              Time.TYPE.fields().stream()
                  .map(field ->
                      new MessageField(
                          field.name(),
                          MessageField.Kind.FLOAT64,
                          MessageField.Shape.SINGLE,
                          0,
                          null))
                  .toList());
      assertTrue(
          refused(() -> ours.advertise("/retyped", retyped, Qos.DEFAULT)).contains("field sec"));
    }
    assertTrue(refused(() -> start(options(Carrier.RCLJAVA, "/arm", ""))).contains("enclave /arm"));
    assertTrue(
        refused(() -> start(options(Carrier.RCLJAVA, Enclave.ROOT, "eth0")))
            .contains("interface eth0"));
  }

  private static void start(TransportOptions options) {
    options.open(new MonotonicClock(), (agent, failure) -> {}).close();
  }

  private static String refused(Runnable attempt) {
    return assertThrows(RosFault.class, attempt::run).getMessage();
  }
}
