package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.LogWatch;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against Eclipse Cyclone's own Python binding, in a process of its own. */
class CyclonePeerTest {
  private static final int DOMAIN = FreeDomain.take();
  private static String python = "";

  @BeforeAll
  static void needsTheLibraryAndThePeer() {
    Peers.requireCyclone();
    python = Peers.requirePython("cyclonedds");
  }

  private static CycloneTransport join() {
    return Peers.join(DdsOptions.loopback(DOMAIN));
  }

  private static Process peer(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python));
    command.add(Peers.resource("python/cyclone_peer.py").toString());
    command.addAll(List.of(arguments));
    return Peers.start(DOMAIN, command);
  }

  @Test
  void jointStatesAndMegabyteImagesGoToThePeerAndComeBack() throws Exception {
    EchoCheck.run(DOMAIN, peer("echo", Integer.toString(DOMAIN)));
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

  /** The library refuses them before they reach Java. */
  @Test
  void messagesThatLieAboutTheirTypeAreDroppedAndTheTrueOneArrives() throws Exception {
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    Process peer = peer("lie", Integer.toString(DOMAIN));
    try (CycloneTransport transport = join()) {
      Subscription subscription =
          transport.subscribe(
              "/joint_states",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, nanos) -> frames.add(JointState.decode(cdr).header().frameId()));
      Peers.await("the liar and the honest one", () -> subscription.publishers() == 2);
      for (int i = 0; i < 5; i++) {
        assertEquals("true", Peers.poll(frames));
      }
      assertEquals(0, subscription.refused());
    } finally {
      peer.destroyForcibly();
    }
  }

  @Test
  void aPeerThatPublishesTheWrongTypeIsNamedAndTheOthersAreHeard() throws Exception {
    List<String> warnings = new CopyOnWriteArrayList<>();
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    Process peer = peer("wrong", Integer.toString(DOMAIN));
    try (LogWatch _ = new LogWatch(KnownEndpoints.class, warnings);
        CycloneTransport transport = join()) {
      Subscription subscription =
          transport.subscribe(
              "/typed",
              JointState.TYPE,
              Qos.DEFAULT,
              (cdr, _) -> frames.add(JointState.decode(cdr).header().frameId()));
      assertEquals("true", Peers.poll(frames));
      assertEquals("true", Peers.poll(frames));
      Peers.await(
          "the reason",
          () ->
              warnings.contains(
                  "/typed: a publisher speaks std_msgs/msg/Float64MultiArray, but"
                      + " sensor_msgs/msg/JointState is spoken here; they do not hear each other,"
                      + " correct one"));
      assertEquals(1, subscription.publishers());
      assertEquals(0, subscription.refused());
    } finally {
      peer.destroyForcibly();
    }
  }
}
