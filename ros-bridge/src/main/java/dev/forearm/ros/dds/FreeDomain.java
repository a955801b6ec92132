package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;
import java.io.IOException;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds a ROS domain that nobody on this machine uses, so that a demo or test disturbs no robot.
 */
public final class FreeDomain {
  private static final int FIRST = 1; // 0 is what everybody uses
  private static final int LAST = 100; // above, ports meet those the kernel gives to clients
  private static final int ATTEMPTS = 50;

  /** Bound, so that nobody else takes these domains: the port of each one's last participant. */
  private static final List<DatagramSocket> TAKEN = new ArrayList<>();

  private FreeDomain() {}

  /**
   * Takes a domain until this process ends: no other call on this machine is given the same.
   *
   * @throws RosFault if none is found in fifty tries
   */
  public static synchronized int take() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int domain = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (DdsPorts.isFree(domain) && taken(domain)) {
        return domain;
      }
    }
    throw new RosFault(
        "%s ROS domains tried and all are in use on this machine; set ROS_DOMAIN_ID to one that is yours"
            .formatted(ATTEMPTS));
  }

  private static boolean taken(int domain) {
    try {
      TAKEN.add(new DatagramSocket(DdsPorts.discovery(domain, DdsOptions.PARTICIPANTS - 1)));
      return true;
    } catch (IOException takenByAnother) {
      return false;
    }
  }
}
