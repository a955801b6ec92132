package dev.forearm.ros.robot;

import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Int64MultiArray;
import dev.forearm.ros.robot.EpisodeChannels.Track;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import java.util.List;

/**
 * Writes what was known when an episode began, a message for each signal: number of its value,
 * stamp, arrival, and the bits of its numbers; and one, {@value #JOINTS}, of what is known of each
 * joint. From there on the raw messages tell. Receive thread; once an episode, so it may allocate.
 */
final class StartingSignals {
  static final String TOPIC = "/forearm/signals";
  static final String JOINTS = "joints";
  static final int VALUES = 3; // the first one's place

  private final List<SignalSlot> slots;
  private final JointStates joints;
  private final Track track;

  StartingSignals(List<SignalSlot> slots, JointStates joints, Track track) {
    this.slots = slots;
    this.joints = joints;
    this.track = track;
  }

  void write(long nanos) {
    for (SignalSlot slot : slots) {
      SignalReading reading = new SignalReading(slot.width());
      if (slot.read(reading)) {
        long[] data = new long[VALUES + slot.width()];
        data[0] = reading.sequence();
        data[1] = reading.stampNanos();
        data[2] = reading.receivedNanos();
        for (int i = 0; i < slot.width(); i++) {
          data[VALUES + i] = Double.doubleToRawLongBits(reading.values()[i]);
        }
        write(slot.name(), data, nanos);
      }
    }
    write(JOINTS, joints.freeze(), nanos);
  }

  private void write(String label, long[] data, long nanos) {
    Int64MultiArray.Buffer message = new Int64MultiArray.Buffer();
    EpisodeTap.dimension(message.layout, 0, label, data.length);
    message.data.assign(data, data.length);
    CdrWriter writer = new CdrWriter(256);
    message.encode(writer);
    track.write(writer, nanos);
  }
}
