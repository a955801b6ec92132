package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.LogWatch;
import dev.forearm.ros.MessageBuffer;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.TransportContract;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Over the library and its loopback configuration. */
final class CycloneTransportTest extends TransportContract {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsTheLibrary() {
    Peers.requireCyclone();
  }

  @Override
  protected RosTransport join(NodeName node) {
    return Peers.join(DdsOptions.loopback(DOMAIN).withNode(node));
  }

  private static CycloneTransport join() {
    return Peers.join(DdsOptions.loopback(DOMAIN));
  }

  @Test
  void whoCannotBeHeardOrReachedIsNamedWithTheReason() {
    List<String> warnings = new CopyOnWriteArrayList<>();
    try (LogWatch _ = new LogWatch(KnownEndpoints.class, warnings);
        CycloneTransport here = join();
        CycloneTransport there = join()) {
      there.advertise("/mismatched_names", Empty.TYPE, Qos.DEFAULT);
      there.advertise("/typed", Empty.TYPE, Qos.DEFAULT);
      here.subscribe("/mismatched_names", Empty.TYPE, Qos.LATCHED, (cdr, nanos) -> {});
      here.subscribe("/typed", JointState.TYPE, Qos.DEFAULT, (cdr, nanos) -> {});
      here.advertise("/commanded", Float64MultiArray.TYPE, Qos.SENSOR_DATA);
      there.subscribe("/commanded", Float64MultiArray.TYPE, Qos.COMMAND, (cdr, nanos) -> {});
      Peers.await(
          "the durability",
          () ->
              warnings.contains(
                  "/mismatched_names: a publisher offers RELIABLE VOLATILE, a subscription asks for"
                      + " RELIABLE TRANSIENT_LOCAL and does not hear it; give the publisher the"
                      + " quality of service that is asked for"));
      Peers.await(
          "the type",
          () ->
              warnings.contains(
                  "/typed: a publisher speaks std_msgs/msg/Empty, but sensor_msgs/msg/JointState is"
                      + " spoken here; they do not hear each other, correct one"));
      Peers.await(
          "the reliability",
          () ->
              warnings.contains(
                  "/commanded: a publisher offers BEST_EFFORT VOLATILE, a subscription asks for"
                      + " RELIABLE VOLATILE and does not hear it; give the subscriber the quality"
                      + " of service that is offered"));
    }
  }

  @Test
  void promisesOfTimeAreKeptToOrNamed() {
    List<String> warnings = new CopyOnWriteArrayList<>();
    long limitless = Qos.Timing.WITHOUT_LIMIT;
    Qos often = Qos.DEFAULT.with(new Qos.Timing(10_000_000, limitless, 500_000_000));
    Qos oftener = Qos.DEFAULT.with(new Qos.Timing(5_000_000, 1_000_000_000, 400_000_000));
    try (LogWatch _ = new LogWatch(KnownEndpoints.class, warnings);
        CycloneTransport here = join();
        CycloneTransport there = join()) {
      Publication promised = there.advertise("/in_time", Empty.TYPE, oftener);
      Publication careless = there.advertise("/whenever", Empty.TYPE, Qos.DEFAULT);
      here.subscribe("/in_time", Empty.TYPE, often, (cdr, nanos) -> {});
      here.subscribe("/whenever", Empty.TYPE, often, (cdr, nanos) -> {});
      Peers.await("the match", () -> promised.subscribers() == 1);
      Peers.await(
          "the reason",
          () ->
              warnings.contains(
                  "/whenever: a publisher offers RELIABLE VOLATILE, a subscription asks for RELIABLE"
                      + " VOLATILE deadline 10.0 ms lease 500.0 ms and does not hear it; give the"
                      + " publisher the quality of service that is asked for"));
      assertEquals(0, careless.subscribers());
    }
  }

  @Test
  void malformedBytesAreRefusedBeforeTheyTravel() {
    try (CycloneTransport transport = join()) {
      Publication publication = transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
      CdrWriter good = encoded(jointState(1));
      MemorySegment cdr = good.segment();
      for (long length : new long[] {good.length() - 8, 40, 8}) {
        RosFault refused = assertThrows(RosFault.class, () -> publication.publish(cdr, length));
        assertTrue(refused.getMessage().contains("refused"), refused.getMessage());
      }
      cdr.set(ValueLayout.JAVA_INT, 12, Integer.MAX_VALUE);
      assertThrows(RosFault.class, () -> publication.publish(cdr, good.length()));
    }
  }

  @Test
  void aDomainWithoutFreePortsIsNamedAsSuch() throws Exception {
    int domain = FreeDomain.take();
    List<DatagramSocket> taken = new ArrayList<>();
    try {
      for (int i = 0; i < DdsOptions.PARTICIPANTS - 1; i++) { // the last one is taken already
        taken.add(new DatagramSocket(DdsPorts.discovery(domain, i)));
      }
      RosFault fault = assertThrows(RosFault.class, () -> Peers.join(DdsOptions.loopback(domain)));
      assertTrue(fault.getMessage().contains("32 of 32 taken"), fault.getMessage());
      assertTrue(fault.getMessage().contains("ROS_DOMAIN_ID"), fault.getMessage());
    } finally {
      taken.forEach(DatagramSocket::close);
    }
  }

  @Test
  void oneProcessCannotConfigureADomainTwice() {
    try (CycloneTransport first = join()) {
      assertTrue(first.description().contains("ROS domain " + DOMAIN), first.description());
      RosFault fault =
          assertThrows(
              RosFault.class,
              () -> Peers.join(DdsOptions.loopback(DOMAIN).withNetworkInterface("eth0")));
      assertTrue(fault.getMessage().contains("already uses it"), fault.getMessage());
    }
  }

  /** The library checks each message by the instructions we compiled for its type. */
  @Test
  void aMessageOfEveryTypeTravelsUnchangedAndACutOneDoesNotTravel() throws InterruptedException {
    BlockingQueue<String> got = new ArrayBlockingQueue<>(4);
    try (CycloneTransport transport = join()) {
      for (GoldenMessage golden : GoldenMessage.all()) {
        String topic = "/" + golden.type();
        Subscription subscription =
            transport.subscribe(
                topic, golden.messageType(), Qos.DEFAULT, (cdr, nanos) -> got.add(body(cdr)));
        Publication publication = transport.advertise(topic, golden.messageType(), Qos.DEFAULT);
        Peers.await("a match", () -> publication.subscribers() == 1);
        CdrWriter writer = new CdrWriter(64);
        MessageBuffer buffer = golden.newBuffer();
        buffer.decode(new CdrReader(), golden.cdr());
        buffer.encode(writer);
        publication.publish(writer);
        String received = Peers.poll(got);
        assertTrue(
            received.startsWith(golden.hex().substring(8)), golden + " came back as " + received);
        assertThrows(
            RosFault.class,
            () -> publication.publish(writer.segment(), CdrReader.HEADER_BYTES),
            golden.type());
        subscription.close();
        publication.close();
      }
    }
  }

  /** Behind the header, whose options tell the padding. */
  private static String body(MemorySegment cdr) {
    return HexFormat.of().formatHex(cdr.asSlice(4).toArray(ValueLayout.JAVA_BYTE));
  }
}
