package dev.forearm.ros.dds;

import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** Asks the Cyclone DDS library whether bytes are a message, for CycloneFuzz. */
public final class CycloneCheck {
  private static final CycloneTransport TRANSPORT =
      Peers.join(DdsOptions.loopback(FreeDomain.take()));

  private static final Map<String, Publication> PUBLICATIONS = new HashMap<>();

  private CycloneCheck() {}

  /** Whether the library would send them, and so would have taken them from another. */
  public static boolean passes(GoldenMessage golden, byte[] bytes) {
    Publication publication =
        PUBLICATIONS.computeIfAbsent(
            golden.type(),
            type -> TRANSPORT.advertise("/" + type, golden.messageType(), Qos.DEFAULT));
    try {
      publication.publish(MemorySegment.ofArray(bytes), bytes.length);
      return true;
    } catch (RosFault refused) {
      return false;
    }
  }
}
