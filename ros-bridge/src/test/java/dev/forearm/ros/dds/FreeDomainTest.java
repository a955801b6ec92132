package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.DatagramSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FreeDomainTest {
  @Test
  void noDomainIsGivenTwice() {
    Set<Integer> domains = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      assertTrue(domains.add(FreeDomain.take()), domains::toString);
    }
  }

  @Test
  void whatWasTakenIsKeptFromOtherProcessesAndCanBeJoined() {
    Peers.requireCyclone();
    int domain = FreeDomain.take();

    assertThrows(
        BindException.class,
        () -> new DatagramSocket(DdsPorts.discovery(domain, DdsOptions.PARTICIPANTS - 1)));
    try (CycloneTransport joined = Peers.join(DdsOptions.loopback(domain))) {
      assertTrue(joined.description().contains("ROS domain " + domain), joined.description());
    }
  }
}
