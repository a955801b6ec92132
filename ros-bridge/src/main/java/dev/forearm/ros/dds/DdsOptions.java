package dev.forearm.ros.dds;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.security.Enclave;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Map;

/**
 * Which ROS domain to join, and how.
 *
 * @param domain ROS domain id, 0 to 232
 * @param node how the participant shows itself; relative topic names live in its namespace
 * @param networkInterface name of the one interface to use, for example {@code lo} or {@code eth0};
 *     empty leaves the choice to {@code CYCLONEDDS_URI} and the library
 * @param enclave whether and with what keys topics are secured
 */
public record DdsOptions(int domain, NodeName node, String networkInterface, Enclave enclave) {
  /** DDSI's port mapping (RTPS 2.5, 9.6.2.3) leaves room for no more. */
  private static final int HIGHEST_DOMAIN = 232;

  /** The interface of this machine alone. */
  public static final String LOOPBACK = "lo";

  /**
   * This machine alone, as ROS 2 means it: discovery stays here, but its own programs give the
   * address of another interface where there is one, and do not hear who is on loopback alone.
   */
  private static final String LOCALHOST = "localhost";

  private static final String LOOPBACK_XML = "<NetworkInterface name=\"lo\" multicast=\"false\"/>";
  private static final String ANOTHER_XML =
      "<NetworkInterface autodetermine=\"true\" multicast=\"false\"/>";

  /**
   * Inside a machine nothing is gained by packets that fit Ethernet: an image goes in 15 instead of
   * 680 fragments, each all of a datagram. What does get lost, for a reader has no processor, is
   * asked for again soon. What that gains: docs/benchmarks.md.
   */
  private static final String LARGE_XML =
      "<MaxMessageSize>65500B</MaxMessageSize><FragmentSize>63000B</FragmentSize>";

  private static final String SOON_XML = "<Internal><NackDelay>10ms</NackDelay></Internal>";

  /** Participants of one domain on this machine that find each other without multicast. */
  static final int PARTICIPANTS = 32;

  public DdsOptions {
    if (domain < 0 || domain > HIGHEST_DOMAIN) {
      throw new RosFault(
          "joining ROS domain %s: 0 to %s wanted; set ROS_DOMAIN_ID"
              .formatted(domain, HIGHEST_DOMAIN));
    }
  }

  /** All traffic on the loopback interface, nothing secured, for a demo or a test. */
  public static DdsOptions loopback(int domain) {
    return new DdsOptions(domain, NodeName.FOREARM, LOOPBACK, Enclave.OPEN);
  }

  /**
   * As ROS 2 reads its environment: ROS_DOMAIN_ID, and the two ways of staying on this machine.
   * Nothing is secured unless {@link #withEnclave} says so.
   */
  public static DdsOptions fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  static DdsOptions fromEnvironment(Map<String, String> environment) {
    String domain = environment.getOrDefault("ROS_DOMAIN_ID", "");
    boolean localhost =
        environment.getOrDefault("ROS_LOCALHOST_ONLY", "0").equals("1")
            || environment.getOrDefault("ROS_AUTOMATIC_DISCOVERY_RANGE", "").equals("LOCALHOST");
    try {
      return new DdsOptions(
          domain.isEmpty() ? 0 : Integer.parseInt(domain),
          NodeName.FOREARM,
          localhost ? LOCALHOST : "",
          Enclave.OPEN);
    } catch (NumberFormatException e) {
      throw new RosFault(
          "joining a ROS domain: ROS_DOMAIN_ID is '%s', a number from 0 to %s wanted"
              .formatted(domain, HIGHEST_DOMAIN),
          e);
    }
  }

  public DdsOptions withNode(NodeName node) {
    return new DdsOptions(domain, node, networkInterface, enclave);
  }

  public DdsOptions withEnclave(Enclave secured) {
    return new DdsOptions(domain, node, networkInterface, secured);
  }

  /** On that interface; where the environment already says this machine alone, lo is part of it. */
  public DdsOptions withNetworkInterface(String wanted) {
    boolean included = wanted.equals(LOOPBACK) && networkInterface.equals(LOCALHOST);
    return new DdsOptions(domain, node, included ? networkInterface : wanted, enclave);
  }

  /**
   * Cyclone's configuration for these options; empty if none is needed. Other processes of the
   * domain that use Cyclone need the same in {@code CYCLONEDDS_URI} to meet on the loopback
   * interface, where there is no multicast.
   */
  public String cycloneConfiguration() {
    return switch (networkInterface) {
      case "" -> "";
      case LOOPBACK -> local(LOOPBACK_XML);
      case LOCALHOST -> local(hasAnotherInterface() ? LOOPBACK_XML + ANOTHER_XML : LOOPBACK_XML);
      default ->
          configuration(
              "<Interfaces><NetworkInterface name=\"%s\"/></Interfaces>"
                  .formatted(networkInterface),
              "");
    };
  }

  private static String local(String interfaces) {
    return configuration(
        "<Interfaces>%s</Interfaces><AllowMulticast>false</AllowMulticast>%s"
            .formatted(interfaces, LARGE_XML),
        "%s<Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>%s</MaxAutoParticipantIndex><Peers><Peer address=\"127.0.0.1\"/></Peers></Discovery>"
            .formatted(SOON_XML, PARTICIPANTS - 1));
  }

  private static String configuration(String general, String rest) {
    return "<CycloneDDS><Domain><General>%s</General>%s</Domain></CycloneDDS>"
        .formatted(general, rest);
  }

  private static boolean hasAnotherInterface() {
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (each.isUp() && !each.isLoopback() && each.inetAddresses().findAny().isPresent()) {
          return true;
        }
      }
      return false;
    } catch (SocketException e) {
      return false;
    }
  }
}
