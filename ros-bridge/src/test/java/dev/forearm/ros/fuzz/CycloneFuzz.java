package dev.forearm.ros.fuzz;

import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.MessageBuffer;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.dds.CycloneCheck;

/**
 * Messages of every type before the check of the Cyclone DDS library, which goes by the
 * instructions that we compile for it. What it lets pass can be read, if it is in the encoding that
 * ROS 2 speaks.
 */
public final class CycloneFuzz {
  private CycloneFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile hostile = new Hostile(input);
    GoldenMessage golden = hostile.type();
    byte[] bytes = hostile.message(golden);
    if (CycloneCheck.passes(golden, bytes) && isPlain(bytes)) {
      MessageBuffer buffer = golden.newBuffer();
      CdrReader reader = new CdrReader();
      if (!Hostile.taken(bytes, cdr -> buffer.decode(reader, cdr))) {
        throw new AssertionError(golden + ": Cyclone DDS lets pass what is refused here");
      }
    }
  }

  /** Representation 0 or 1; the library takes XCDR2 too, which is refused here. */
  private static boolean isPlain(byte[] cdr) {
    return cdr[0] == 0 && (cdr[1] & ~1) == 0;
  }
}
