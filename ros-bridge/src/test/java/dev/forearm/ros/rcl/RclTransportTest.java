package dev.forearm.ros.rcl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.CdrHandler;
import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.LogWatch;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.FrugalCheck;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.MonotonicClock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ends in this process, but over the sourced ROS 2. */
@Tag("ros")
class RclTransportTest {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsRos() {
    Ros2.require();
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
    try (RclTransport sender = Ros2.join(DOMAIN, "sender");
        RclTransport receiver = Ros2.join(DOMAIN, "receiver")) {
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
  void anImageOfAMegabyteOnTheHeapArrivesWhole() throws InterruptedException {
    byte[] pixels = new byte[640 * 546 * 3];
    new Random(3).nextBytes(pixels);
    Header header = new Header(new Time(1, 2), "camera");
    CdrWriter image = encoded(new Image(header, 546, 640, "rgb8", (byte) 0, 640 * 3, pixels));
    byte[] onTheHeap = image.segment().asSlice(0, image.length()).toArray(ValueLayout.JAVA_BYTE);
    BlockingQueue<Image> got = new ArrayBlockingQueue<>(4);
    try (RclTransport transport = Ros2.join(DOMAIN, "camera")) {
      transport.subscribe(
          "/camera", Image.TYPE, Qos.DEFAULT, (cdr, nanos) -> got.add(Image.decode(cdr)));
      Publication publication = transport.advertise("/camera", Image.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      publication.publish(MemorySegment.ofArray(onTheHeap), onTheHeap.length);
      assertArrayEquals(pixels, Peers.poll(got).data());
    }
  }

  @Test
  void aLatchedMessageReachesALateSubscriber() throws InterruptedException {
    BlockingQueue<String> got = new ArrayBlockingQueue<>(4);
    try (RclTransport sender = Ros2.join(DOMAIN, "sender");
        RclTransport receiver = Ros2.join(DOMAIN, "receiver")) {
      MessageType type = dev.forearm.ros.msg.std_msgs.String.TYPE;
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
  void theSecondCommanderOfATopicIsSeenToComeAndGo() {
    try (RclTransport arm = Ros2.join(DOMAIN, "arm");
        RclTransport one = Ros2.join(DOMAIN, "one");
        RclTransport two = Ros2.join(DOMAIN, "two")) {
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
    try (LogWatch _ = new LogWatch(GraphWatch.class, warnings);
        RclTransport here = Ros2.join(DOMAIN, "here");
        RclTransport there = Ros2.join(DOMAIN, "there")) {
      there.advertise("/mismatched_names", Empty.TYPE, Qos.DEFAULT);
      here.subscribe("/mismatched_names", Empty.TYPE, Qos.LATCHED, (cdr, nanos) -> {});
      here.advertise("/commanded", Float64MultiArray.TYPE, Qos.SENSOR_DATA);
      there.subscribe("/commanded", Float64MultiArray.TYPE, Qos.COMMAND, (cdr, nanos) -> {});
      Peers.await(
          "the durability",
          () ->
              warnings.contains(
                  "/mismatched_names: publisher /there: RELIABLE VOLATILE is offered, RELIABLE"
                      + " TRANSIENT_LOCAL asked for, which is not heard; give it the quality of"
                      + " service that is asked for"));
      Peers.await(
          "the reliability",
          () ->
              warnings.contains(
                  "/commanded: subscriber /there: BEST_EFFORT VOLATILE is offered, RELIABLE"
                      + " VOLATILE asked for, which is not heard; give it the quality of service"
                      + " that is offered"));
    }
  }

  @Test
  void messagesTellTheirPublisher() throws InterruptedException {
    BlockingQueue<Long> publishers = new ArrayBlockingQueue<>(16);
    try (RclTransport sender = Ros2.join(DOMAIN, "sender");
        RclTransport receiver = Ros2.join(DOMAIN, "receiver")) {
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
  void aHandlerThatRefusesOrFailsDoesNotStopTheNextMessage() throws InterruptedException {
    BlockingQueue<Integer> got = new ArrayBlockingQueue<>(16);
    try (RclTransport transport = Ros2.join(DOMAIN, "handler")) {
      Subscription subscription =
          transport.subscribe(
              "/refused",
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
      Publication publication = transport.advertise("/refused", JointState.TYPE, Qos.DEFAULT);
      Peers.await("a match", () -> publication.subscribers() == 1);
      for (int sec = 1; sec <= 3; sec++) {
        publication.publish(encoded(jointState(sec)));
      }
      assertEquals(3, Peers.poll(got));
      assertEquals(1, subscription.refused());
      assertEquals(3, subscription.received());
    }
  }

  /** Opened and closed while messages come, in the order that does most harm. */
  @Test
  void subscriptionsComeAndGoUnderALoad() throws InterruptedException {
    BlockingQueue<Integer> got = new LinkedBlockingQueue<>();
    try (RclTransport transport = Ros2.join(DOMAIN, "busy")) {
      Publication publication = transport.advertise("/busy", JointState.TYPE, Qos.DEFAULT);
      CdrWriter message = encoded(jointState(1));
      Thread sender =
          Thread.ofPlatform()
              .start(() -> {
                while (!Thread.interrupted()) {
                  publication.publish(message);
                }
              });
      for (int i = 0; i < 30; i++) {
        Subscription subscription =
            transport.subscribe(
                "/busy", JointState.TYPE, Qos.DEFAULT, (cdr, nanos) -> got.offer(1));
        got.clear();
        Peers.poll(got);
        subscription.close();
        subscription.close();
      }
      sender.interrupt();
      sender.join();
      publication.close();
      publication.close();
      assertEquals(0, publication.subscribers());
      assertThrows(IllegalStateException.class, () -> publication.publish(message));
    }
  }

  @Test
  void whatIsNoCdrIsRefusedBeforeItTravels() {
    try (RclTransport transport = Ros2.join(DOMAIN, "strict")) {
      Publication publication = transport.advertise("/strict", JointState.TYPE, Qos.DEFAULT);
      CdrWriter good = encoded(jointState(1));
      for (long length : new long[] {-1, 0, 3, good.segment().byteSize() + 1}) {
        RosFault refused =
            assertThrows(RosFault.class, () -> publication.publish(good.segment(), length));
        assertTrue(refused.getMessage().contains("are no CDR"), refused.getMessage());
      }
      good.segment().set(ValueLayout.JAVA_BYTE, 1, (byte) 7); // XCDR2
      assertThrows(RosFault.class, () -> publication.publish(good));
    }
  }

  @Test
  void aTypeWhosePackageIsMissingOrDiffersIsRefusedWithTheRemedy() {
    try (RclTransport transport = Ros2.join(DOMAIN, "typed")) {
      MessageType foreign = new MessageType("my_robot_msgs/msg/Thing", "RIHS01_0", "", List.of());
      RosFault missing =
          assertThrows(RosFault.class, () -> transport.advertise("/thing", foreign, Qos.DEFAULT));
      assertTrue(
          missing
              .getMessage()
              .matches(
                  "type my_robot_msgs/msg/Thing: ROS 2 .* does not bring it; install ros-\\w+-my-robot-msgs, or source the workspace that builds my_robot_msgs"),
          missing.getMessage());
      MessageType other =
          new MessageType(Empty.TYPE.name(), "RIHS01_" + "0".repeat(64), "", List.of());
      if (!"humble".equals(System.getenv("ROS_DISTRO"))) { // which knows no hashes
        RosFault differs =
            assertThrows(RosFault.class, () -> transport.advertise("/other", other, Qos.DEFAULT));
        assertTrue(differs.getMessage().contains(Empty.TYPE.hash()), differs.getMessage());
      }
    }
  }

  @Test
  void rclsOwnWordsReachTheException() {
    try (RclTransport transport = Ros2.join(DOMAIN, "wordy")) {
      String topic = "/" + "long".repeat(100);
      RosFault fault =
          assertThrows(RosFault.class, () -> transport.advertise(topic, Empty.TYPE, Qos.DEFAULT));
      assertTrue(
          fault.getMessage().startsWith("advertising " + topic + ": rcl says '"),
          fault.getMessage());
      assertTrue(fault.getMessage().contains("length"), fault.getMessage());
    }
  }

  @Test
  void itIsANodeOfItsOwnNameAndSaysOverWhatItTalks() {
    NodeName left = new NodeName("/left_arm", "mover");
    try (RclTransport transport =
        new RclTransport(
            RclOptions.loopback(left, DOMAIN), new MonotonicClock(), (agent, failure) -> {})) {
      assertEquals(
          "/left_arm/joint_states",
          transport.advertise("joint_states", JointState.TYPE, Qos.DEFAULT).topic());
      assertEquals(
          "/joint_states",
          transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT).topic());
      assertTrue(
          transport
              .description()
              .matches("ROS 2 \\w+ \\(.*librcl.so\\), rmw_\\w+, ROS domain %s".formatted(DOMAIN)),
          transport.description());
    }
  }

  static Stream<String> packages() {
    return GoldenMessage.all().stream().map(RclTransportTest::packageOf).distinct();
  }

  private static String packageOf(GoldenMessage golden) {
    return golden.type().substring(0, golden.type().indexOf('/'));
  }

  /** By its REP-2011 hash, which is compared as it is advertised. */
  @ParameterizedTest
  @MethodSource("packages")
  void everyTypeIsDefinedAsInTheSourcedRosAndTravelsUnchanged(String name)
      throws InterruptedException {
    Ros2.require(name + "__rosidl_typesupport_c");
    BlockingQueue<byte[]> got = new ArrayBlockingQueue<>(4);
    try (RclTransport transport = Ros2.join(DOMAIN, "types")) {
      for (GoldenMessage golden : GoldenMessage.all()) {
        if (packageOf(golden).equals(name)) {
          travels(transport, golden, got);
        }
      }
    }
  }

  private static void travels(
      RclTransport transport, GoldenMessage golden, BlockingQueue<byte[]> got)
      throws InterruptedException {
    String topic = "/" + golden.type();
    try (Subscription _ =
            transport.subscribe(
                topic,
                golden.messageType(),
                Qos.DEFAULT,
                (cdr, nanos) -> got.add(cdr.toArray(ValueLayout.JAVA_BYTE)));
        Publication publication = transport.advertise(topic, golden.messageType(), Qos.DEFAULT)) {
      Peers.await("a match", () -> publication.subscribers() == 1);
      publication.publish(golden.cdr(), golden.cdr().byteSize());
      byte[] sent = golden.bytes();
      assertArrayEquals(sent, Arrays.copyOf(Peers.poll(got), sent.length), golden.type());
    }
  }

  /** Where DDS announces who is there, so that others find them. */
  @Test
  void onThisMachineAloneNothingIsSaidToTheNetwork() throws Exception {
    int domain = FreeDomain.take();
    InetAddress group = InetAddress.getByName("239.255.0.1"); // RTPS 2.5, 9.6.2.4.1
    try (DatagramChannel network = DatagramChannel.open(StandardProtocolFamily.INET)) {
      network.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      network.bind(new InetSocketAddress(7400 + 250 * domain));
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (each.isUp() && each.inetAddresses().anyMatch(Inet4Address.class::isInstance)) {
          network.join(group, each);
        }
      }
      network.configureBlocking(false);
      try (RclTransport one = Ros2.join(domain, "one");
          RclTransport two = Ros2.join(domain, "two");
          Subscription heard = two.subscribe("/near", Empty.TYPE, Qos.DEFAULT, (cdr, nanos) -> {});
          Publication _ = one.advertise("/near", Empty.TYPE, Qos.DEFAULT)) {
        Peers.await("a match", () -> heard.publishers() == 1);
      }
      assertNull(network.receive(ByteBuffer.allocate(65_536)));
    }
  }

  @Test
  void publishingAndReceivingAllocateNothing() {
    FrugalCheck.run(Ros2.join(DOMAIN, "frugal"));
  }
}
