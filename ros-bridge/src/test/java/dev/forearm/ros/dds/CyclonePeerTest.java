package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
}
