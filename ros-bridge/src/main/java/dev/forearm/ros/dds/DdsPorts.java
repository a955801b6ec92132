package dev.forearm.ros.dds;

import java.io.IOException;
import java.net.DatagramSocket;
import java.util.stream.IntStream;

/** The UDP ports of a DDS domain (RTPS 2.5, 9.6.2.3). */
final class DdsPorts {
  private static final int BASE = 7400;
  private static final int DOMAIN_GAIN = 250;
  private static final int PARTICIPANT_GAIN = 2;
  private static final int UNICAST_DISCOVERY = 10;

  private DdsPorts() {}

  /** Port on which the participant of that index hears of others. */
  static int discovery(int domain, int participantIndex) {
    return BASE + DOMAIN_GAIN * domain + UNICAST_DISCOVERY + PARTICIPANT_GAIN * participantIndex;
  }

  /** Whether no participant of this machine has the domain's first discovery port. */
  static boolean isFree(int domain) {
    return !isTaken(discovery(domain, 0));
  }

  /** For people: which ports, and how many of them are taken. */
  static String describe(int domain) {
    long taken =
        IntStream.range(0, DdsOptions.PARTICIPANTS)
            .filter(index -> isTaken(discovery(domain, index)))
            .count();
    return "%s to %s; %s of %s taken now"
        .formatted(
            discovery(domain, 0),
            discovery(domain, DdsOptions.PARTICIPANTS - 1) + 1,
            taken,
            DdsOptions.PARTICIPANTS);
  }

  private static boolean isTaken(int port) {
    try (DatagramSocket socket = new DatagramSocket(port)) {
      return !socket.isBound();
    } catch (IOException e) {
      return true;
    }
  }
}
