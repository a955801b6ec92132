package dev.forearm.ros;

import dev.forearm.ros.cdr.CdrReader;
import java.lang.foreign.MemorySegment;

/**
 * A message in storage that is reused from one to the next: sequences and strings grow to the
 * largest seen and stay. Owned by one thread.
 */
public interface MessageBuffer extends Message {
  /**
   * Overwrites this buffer with the body at the reader's position.
   *
   * @throws RosFault if it is truncated or its lengths cannot be true; the content is then
   *     undefined
   */
  void read(CdrReader reader);

  /** Overwrites this buffer with a whole message, encapsulation header included. */
  default void decode(CdrReader reader, MemorySegment cdr) {
    reader.wrap(cdr);
    read(reader);
  }
}
