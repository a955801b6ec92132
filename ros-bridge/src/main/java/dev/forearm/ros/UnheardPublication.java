package dev.forearm.ros;

import java.lang.foreign.MemorySegment;

/** A publication that nobody hears: what is published is gone. */
public record UnheardPublication(String topic, MessageType type) implements Publication {
  @Override
  public void publish(MemorySegment cdr, long length) {}

  @Override
  public int subscribers() {
    return 0;
  }

  @Override
  public void close() {}
}
