package dev.forearm.launch.demo;

import dev.forearm.launch.LaunchFailure;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/** Finds a ROS domain that nobody on this machine uses, so that a demo disturbs no robot. */
final class FreeDomain {
  private static final int FIRST = 1; // 0 is what everybody uses
  private static final int LAST = 100; // above, ports meet those the kernel gives to clients
  private static final int ATTEMPTS = 50;
  private static final int PORT_BASE = 7400; // RTPS 2.5, 9.6.2.3
  private static final int DOMAIN_GAIN = 250;
  private static final int FIRST_PARTICIPANT = 10;

  private FreeDomain() {}

  /**
   * Picks a domain.
   *
   * @throws LaunchFailure if none is found in fifty tries
   */
  static int pick(RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int domain = random.nextInt(FIRST, LAST + 1);
      if (isFree(domain)) {
        return domain;
      }
    }
    throw new LaunchFailure(
        "%d ROS domains tried and all are in use on this machine; set ROS_DOMAIN_ID to one that is yours"
            .formatted(ATTEMPTS));
  }

  /** Whether no first participant of this domain lives on this machine. */
  static boolean isFree(int domain) {
    int port = PORT_BASE + DOMAIN_GAIN * domain + FIRST_PARTICIPANT;
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
