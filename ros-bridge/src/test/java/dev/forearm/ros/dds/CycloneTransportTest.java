package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.LogWatch;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageBuffer;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Both ends in this process, but over the library and its loopback configuration. */
class CycloneTransportTest {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsTheLibrary() {
    Peers.requireCyclone();
  }

  private static CycloneTransport join() {
    return Peers.join(DdsOptions.loopback(DOMAIN));
  }

  private static JointState jointState(int sec) {
    Header header = new Header(new Time(sec, 5), "base");
    return new JointState(
        header, List.of("a", "bb"), new double[] {0.5, sec}, new double[] {}, new double[] {9.25});
  }

  private static CdrWriter encoded(Message message) {
    CdrWriter writer = new CdrWriter(256);
    message.encode(writer);
    return writer;
  }

  @Test
  void aJointStateArrivesAsItWasSent() throws InterruptedException {
    BlockingQueue<JointState> got = new ArrayBlockingQueue<>(16);
    try (CycloneTransport sender = join();
        CycloneTransport receiver = join()) {
      Subscription subscription =
          receiver.subscribe(
              "/joint_states",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> got.add(JointState.decode(cdr)));
      Publication publication = sender.advertise("joint_states", JointState.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      Peers.await("a match", () -> subscription.publishers() == 1);
      publication.publish(encoded(jointState(7)));
      assertEquals(jointState(7), Peers.poll(got));
      assertEquals(1, subscription.received());
    }
  }

  @Test
  void anImageOfAMegabyteArrivesWhole() throws InterruptedException {
    byte[] pixels = new byte[640 * 546 * 3];
    new Random(3).nextBytes(pixels);
    Header header = new Header(new Time(1, 2), "camera");
    Image image = new Image(header, 546, 640, "rgb8", (byte) 0, 640 * 3, pixels);
    BlockingQueue<Image> got = new ArrayBlockingQueue<>(4);
    try (CycloneTransport sender = join();
        CycloneTransport receiver = join()) {
      receiver.subscribe(
          "/camera", Image.TYPE, Qos.DEFAULT, (cdr, nanos) -> got.add(Image.decode(cdr)));
      Publication publication = sender.advertise("/camera", Image.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      publication.publish(encoded(image));
      assertArrayEquals(pixels, Peers.poll(got).data());
    }
  }

  @Test
  void aLatchedMessageReachesALateSubscriber() throws InterruptedException {
    BlockingQueue<String> got = new ArrayBlockingQueue<>(4);
    try (CycloneTransport sender = join();
        CycloneTransport receiver = join()) {
      var type = dev.forearm.ros.msg.std_msgs.String.TYPE;
      Publication names = sender.advertise("/object_names", type, Qos.LATCHED);
      names.publish(encoded(new dev.forearm.ros.msg.std_msgs.String("old")));
      names.publish(encoded(new dev.forearm.ros.msg.std_msgs.String("red,blue")));
      receiver.subscribe(
          "/object_names",
          type,
          Qos.LATCHED,
          (cdr, nanos) -> got.add(dev.forearm.ros.msg.std_msgs.String.decode(cdr).data()));
      assertEquals("red,blue", Peers.poll(got));
      assertTrue(got.isEmpty(), "depth 1 keeps only the newest");
    }
  }

  @Test
  void theSecondCommanderOfATopicIsSeen() {
    try (CycloneTransport arm = join();
        CycloneTransport one = join();
        CycloneTransport two = join()) {
      Subscription commands =
          arm.subscribe(
              "/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND, (cdr, nanos) -> {});
      one.advertise("/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND);
      Peers.await("the first", () -> commands.publishers() == 1);
      Publication second =
          two.advertise("/arm_controller/commands", Float64MultiArray.TYPE, Qos.COMMAND);
      Peers.await("the second", () -> commands.publishers() == 2);
      second.close();
      Peers.await("it to go", () -> commands.publishers() == 1);
    }
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
  void messagesTellTheirPublisher() throws InterruptedException {
    BlockingQueue<Long> publishers = new ArrayBlockingQueue<>(16);
    try (CycloneTransport sender = join();
        CycloneTransport receiver = join()) {
      receiver.subscribe(
          "/told",
          JointState.TYPE,
          Qos.DEFAULT,
          new CdrHandler() {
            @Override
            public void onMessage(MemorySegment cdr, long receivedNanos) {
              throw new AssertionError("the publisher was left out");
            }

            @Override
            public void onMessage(MemorySegment cdr, long receivedNanos, long publisher) {
              publishers.add(publisher);
            }
          });
      Publication one = sender.advertise("/told", JointState.TYPE, Qos.DEFAULT);
      Publication two = sender.advertise("/told", JointState.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> one.subscribers() == 1 && two.subscribers() == 1);
      one.publish(encoded(jointState(1)));
      long first = Peers.poll(publishers);
      two.publish(encoded(jointState(1)));
      long second = Peers.poll(publishers);
      one.publish(encoded(jointState(1)));
      assertEquals(first, Peers.poll(publishers));
      assertNotEquals(first, second);
    }
  }

  @Test
  void aNamespaceGoesBeforeRelativeNamesOnly() {
    DdsOptions left =
        DdsOptions.loopback(DOMAIN).withNode(NodeName.FOREARM.inNamespace("/left_arm"));
    try (CycloneTransport transport = Peers.join(left)) {
      assertEquals(
          "/left_arm/joint_states",
          transport.advertise("joint_states", JointState.TYPE, Qos.DEFAULT).topic());
      assertEquals(
          "/joint_states",
          transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT).topic());
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
  void aHandlerThatRefusesOrFailsDoesNotStopTheNextMessage() throws InterruptedException {
    BlockingQueue<Integer> got = new ArrayBlockingQueue<>(16);
    try (CycloneTransport sender = join();
        CycloneTransport receiver = join()) {
      Subscription subscription =
          receiver.subscribe(
              "/joint_states",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> {
                int sec = JointState.decode(cdr).header().stamp().sec();
                switch (sec) {
                  case 1 -> throw new RosFault("refused by test");
                  case 2 -> throw new IllegalStateException("bug in test's handler");
                  default -> got.add(sec);
                }
              });
      Publication publication = sender.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      for (int sec = 1; sec <= 3; sec++) {
        publication.publish(encoded(jointState(sec)));
      }
      assertEquals(3, Peers.poll(got));
      assertEquals(1, subscription.refused());
      assertEquals(3, subscription.received());
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

  @Test
  void publishingAndReceivingAllocateNothing() {
    FrugalCheck.run(join());
  }

  @Test
  void aLateSubscriberOfWhatIsNotLatchedHearsWhatComesFromThenOn() throws InterruptedException {
    BlockingQueue<Integer> got = new ArrayBlockingQueue<>(16);
    try (CycloneTransport sender = join();
        CycloneTransport receiver = join()) {
      Publication publication = sender.advertise("/late", JointState.TYPE, Qos.DEFAULT);
      publication.publish(encoded(jointState(1)));
      Subscription late =
          receiver.subscribe(
              "/late",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, _) -> got.add(JointState.decode(cdr).header().stamp().sec()));
      Peers.await("a match", () -> publication.subscribers() == 1 && late.publishers() == 1);
      publication.publish(encoded(jointState(2)));
      assertEquals(2, Peers.poll(got));
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
