package dev.forearm.ros.robot;

import dev.forearm.ros.CdrHandler;
import java.lang.foreign.MemorySegment;

/** Hands a topic's messages to their receiver. */
record TopicHandler(Receiver receiver) implements CdrHandler {
  @Override
  public void onMessage(MemorySegment cdr, long receivedNanos, long publisher) {
    receiver.receive(cdr, receivedNanos, publisher);
  }

  @Override
  public void onMessage(MemorySegment cdr, long receivedNanos) {
    onMessage(cdr, receivedNanos, 0);
  }
}
