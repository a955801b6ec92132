package dev.forearm.ros.fuzz;

import dev.forearm.ros.GoldenMessage;
import dev.forearm.ros.Message;
import dev.forearm.ros.MessageBuffer;
import dev.forearm.ros.cdr.CdrReader;
import dev.forearm.ros.cdr.CdrWriter;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Messages of every type. Its reusable buffer and its value take and refuse the same bytes, and
 * what they take is written as one and the same message.
 */
public final class CdrFuzz {
  private CdrFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile hostile = new Hostile(input);
    GoldenMessage golden = hostile.type();
    byte[] bytes = hostile.message(golden);
    MessageBuffer buffer = golden.newBuffer();
    CdrReader reader = new CdrReader();
    boolean read = Hostile.taken(bytes, cdr -> buffer.decode(reader, cdr));
    Message[] value = new Message[1];
    boolean valued = Hostile.taken(bytes, cdr -> value[0] = decoded(golden, cdr));
    if (read != valued) {
      throw new AssertionError("%s: buffer %s, value %s".formatted(golden, read, valued));
    }
    if (read) {
      byte[] written = encoded(buffer);
      MessageBuffer again = golden.newBuffer();
      again.decode(reader, MemorySegment.ofArray(written));
      if (!Arrays.equals(written, encoded(again))) {
        throw new AssertionError(golden + " is another once it was written");
      }
    }
  }

  private static Message decoded(GoldenMessage golden, MemorySegment cdr) {
    CdrReader reader = new CdrReader();
    reader.wrap(cdr);
    return golden.readRecord(reader);
  }

  private static byte[] encoded(Message message) {
    CdrWriter writer = new CdrWriter(64);
    message.encode(writer);
    return writer.toByteArray();
  }
}
