package dev.forearm.ros.rcl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.LogWatch;
import dev.forearm.ros.MessageType;
import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.TransportContract;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Empty;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Over the sourced ROS 2. */
@Tag("ros")
final class RclTransportTest extends TransportContract {
  private static final int DOMAIN = FreeDomain.take();

  @BeforeAll
  static void needsRos() {
    Ros2.require();
  }

  @Override
  protected RosTransport join(NodeName node) {
    return Ros2.join(DOMAIN, node);
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
  void itSaysOverWhatItTalks() {
    try (RclTransport transport = Ros2.join(DOMAIN, "said")) {
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
}
