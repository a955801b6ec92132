package dev.forearm.ros.dds;

import dev.forearm.ros.RosFault;
import java.util.Map;

/**
 * Which ROS domain to join, and how.
 *
 * @param domain ROS domain id, 0 to 232
 * @param namespace where relative topic names live, {@code /} or {@code /left_arm}
 * @param networkInterface name of the one interface to use, for example {@code lo} or {@code eth0};
 *     empty leaves the choice to {@code CYCLONEDDS_URI} and the library
 */
public record DdsOptions(int domain, String namespace, String networkInterface) {
  /** DDSI's port mapping (RTPS 2.5, 9.6.2.3) leaves room for no more. */
  private static final int HIGHEST_DOMAIN = 232;

  /** The interface of this machine alone. */
  public static final String LOOPBACK = "lo";

  /** Participants of one domain on this machine that find each other without multicast. */
  static final int PARTICIPANTS = 32;

  public DdsOptions {
    if (domain < 0 || domain > HIGHEST_DOMAIN) {
      throw new RosFault(
          "joining ROS domain %s: 0 to %s wanted; set ROS_DOMAIN_ID"
              .formatted(domain, HIGHEST_DOMAIN));
    }
  }

  /** All traffic on the loopback interface, for a demo or a test. */
  public static DdsOptions loopback(int domain) {
    return new DdsOptions(domain, "/", LOOPBACK);
  }

  /** As ROS 2 reads its environment: ROS_DOMAIN_ID, and the two ways of staying on this machine. */
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
          domain.isEmpty() ? 0 : Integer.parseInt(domain), "/", localhost ? LOOPBACK : "");
    } catch (NumberFormatException e) {
      throw new RosFault(
          "joining a ROS domain: ROS_DOMAIN_ID is '%s', a number from 0 to %s wanted"
              .formatted(domain, HIGHEST_DOMAIN),
          e);
    }
  }

  public DdsOptions withNamespace(String namespace) {
    return new DdsOptions(domain, namespace, networkInterface);
  }

  public DdsOptions withNetworkInterface(String networkInterface) {
    return new DdsOptions(domain, namespace, networkInterface);
  }

  /**
   * Cyclone's configuration for these options; empty if none is needed. Other processes of the
   * domain that use Cyclone need the same in {@code CYCLONEDDS_URI} to meet on the loopback
   * interface, where there is no multicast.
   */
  public String cycloneConfiguration() {
    if (networkInterface.isEmpty()) {
      return "";
    }
    boolean loopback = networkInterface.equals(LOOPBACK);
    String discovery =
        loopback
            ? "<Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>%s</MaxAutoParticipantIndex><Peers><Peer address=\"127.0.0.1\"/></Peers></Discovery>"
                .formatted(PARTICIPANTS - 1)
            : "";
    return "<CycloneDDS><Domain><General><Interfaces><NetworkInterface name=\"%s\"%s/></Interfaces>%s</General>%s</Domain></CycloneDDS>"
        .formatted(
            networkInterface,
            loopback ? " multicast=\"false\"" : "",
            loopback ? "<AllowMulticast>false</AllowMulticast>" : "",
            discovery);
  }
}
