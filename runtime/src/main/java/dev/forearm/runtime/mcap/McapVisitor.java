package dev.forearm.runtime.mcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** Takes what a file holds, in the order of the walk. Called by the thread that walks. */
@FunctionalInterface
public interface McapVisitor {
  /**
   * One message.
   *
   * @param sequence the channel's own count
   * @param logNanos when it was recorded
   * @param publishNanos when it was sent
   * @param payload read-only, from position to limit; valid only during the call
   */
  void message(
      McapChannel channel, long sequence, long logNanos, long publishNanos, ByteBuffer payload)
      throws IOException;

  /** The file's first record. */
  default void header(String profile, String library) throws IOException {}

  /** A channel, before its first message. */
  default void channel(McapChannel channel) throws IOException {}

  /** A named map of text. */
  default void metadata(String name, Map<String, String> values) throws IOException {}
}
