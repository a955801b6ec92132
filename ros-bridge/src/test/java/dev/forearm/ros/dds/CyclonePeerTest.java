package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against Eclipse Cyclone's own Python binding, in a process of its own. */
class CyclonePeerTest {
  private static final int DOMAIN = 64;
  private static String python = "";

  @BeforeAll
  static void needsTheLibraryAndThePeer() {
    Peers.requireCyclone();
    python = Peers.requirePython("cyclonedds");
  }

  private static CycloneTransport join() {
    return new CycloneTransport(DdsOptions.loopback(DOMAIN), new MonotonicClock());
  }

  private static Process peer(String... arguments) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of(python));
    command.add(Peers.resource("python/cyclone_peer.py").toString());
    command.addAll(List.of(arguments));
    return Peers.start(DOMAIN, command);
  }

  @Test
  void jointStatesAndMegabyteImagesGoToThePeerAndComeBack() throws Exception {
    byte[] pixels = new byte[640 * 546 * 3];
    new Random(11).nextBytes(pixels);
    JointState state =
        new JointState(
            new Header(new Time(7, 999_999_999), "base"),
            List.of("panda_joint1", "ä"),
            new double[] {0.5, -1e-300},
            new double[] {},
            new double[] {Double.MAX_VALUE});
    Image image =
        new Image(
            new Header(new Time(8, 0), "camera"), 546, 640, "rgb8", (byte) 0, 640 * 3, pixels);
    BlockingQueue<JointState> states = new ArrayBlockingQueue<>(4);
    BlockingQueue<Image> images = new ArrayBlockingQueue<>(4);
    Process peer = peer("echo", Integer.toString(DOMAIN));
    try (CycloneTransport transport = join()) {
      var toStates = transport.advertise("/joint_states", JointState.TYPE, Qos.DEFAULT);
      var toImages = transport.advertise("/image", Image.TYPE, Qos.DEFAULT);
      var fromStates =
          transport.subscribe(
              "/joint_states_echo",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> states.add(JointState.decode(cdr)));
      var fromImages =
          transport.subscribe(
              "/image_echo",
              Image.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> images.add(Image.decode(cdr)));
      Peers.await("the peer's readers", () -> toStates.subscribers() + toImages.subscribers() == 2);
      Peers.await("its writers", () -> fromStates.publishers() + fromImages.publishers() == 2);
      CdrWriter writer = new CdrWriter(64);
      state.encode(writer);
      toStates.publish(writer);
      image.encode(writer);
      toImages.publish(writer);
      Header echoed = new Header(state.header().stamp(), "echo of base");
      assertEquals(
          new JointState(echoed, state.name(), state.position(), state.velocity(), state.effort()),
          Peers.poll(states));
      Image back = Peers.poll(images);
      assertEquals("echo of camera", back.header().frameId());
      assertEquals(640 * 3, back.step());
      assertArrayEquals(pixels, back.data());
    } finally {
      peer.destroyForcibly();
    }
  }

  @Test
  void thePeerSeesWhatARos2NodeWouldAnnounce() throws Exception {
    try (CycloneTransport transport = join()) {
      Publication publication = transport.advertise("/robot_state", JointState.TYPE, Qos.LATCHED);
      assertEquals("/robot_state", publication.topic());
      Process peer = peer("discover", Integer.toString(DOMAIN), "rt/robot_state");
      StringBuilder seen = new StringBuilder();
      try (BufferedReader output = peer.inputReader()) {
        output.lines().takeWhile(line -> !line.equals("done")).forEach(l -> seen.append(l + "\n"));
      } finally {
        peer.destroyForcibly();
      }
      String report = seen.toString();
      assertTrue(report.contains("type sensor_msgs::msg::dds_::JointState_"), report);
      assertTrue(report.contains("typehash=" + JointState.TYPE.hash() + ";"), report);
      assertTrue(report.contains("enclave=/;"), report);
      assertTrue(report.contains("TransientLocal"), report);
      assertTrue(report.contains("Reliable"), report);
    }
  }
}
