package dev.forearm.ros.robot;

import dev.forearm.ros.Message;
import dev.forearm.ros.msg.std_msgs.Int64MultiArray;
import dev.forearm.runtime.signal.SignalReading;

/**
 * What one control cycle went by, as six numbers: which joint state it read and a hash of that, the
 * newest chunk it knew, what it heard and did ({@link dev.forearm.runtime.inference.CycleEvent}),
 * the time since the cycle before, and which value of the signal {@code takeover} it read. Written
 * by the control thread.
 */
final class CycleMessage {
  static final String TOPIC = "/forearm/cycle";
  private static final String NAMES =
      "joint_state, joint_state_hash, chunk, events, elapsed_ns, takeover";
  private static final int VALUES = 6;

  private final Int64MultiArray.Buffer message = new Int64MultiArray.Buffer();

  CycleMessage() {
    EpisodeTap.dimension(message.layout, 0, NAMES, VALUES);
    message.data.resize(VALUES);
  }

  /** Valid until the next call. */
  Message of(SignalReading jointState, long chunk, long takeover, int events, long elapsedNanos) {
    message.data.set(0, jointState.sequence());
    message.data.set(1, RecordedCycle.hash(jointState.values()));
    message.data.set(2, chunk);
    message.data.set(3, events);
    message.data.set(4, elapsedNanos);
    message.data.set(5, takeover);
    return message;
  }
}
