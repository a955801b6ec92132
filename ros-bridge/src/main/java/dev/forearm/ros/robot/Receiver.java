package dev.forearm.ros.robot;

import java.lang.foreign.MemorySegment;

/** Takes the messages of one topic into the runtime, on the transport's receive thread. */
interface Receiver {
  /**
   * Takes one message.
   *
   * @param publisher tells the topic's publishers apart
   * @return the publisher's stamp in ROS time, nanoseconds; 0 if the message has none
   * @throws dev.forearm.ros.RosFault if the message is refused
   */
  long receive(MemorySegment cdr, long receivedNanos, long publisher);
}
