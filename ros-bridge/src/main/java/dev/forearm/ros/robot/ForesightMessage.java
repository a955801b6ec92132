package dev.forearm.ros.robot;

import dev.forearm.ros.Message;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.runtime.foresight.ForesightReading;

/**
 * What the foresight gate found, as five numbers: the verdict (0 execute, 1 shorten, 2 hold), the
 * error in feature scales, both channels as fractions of their limits (in feature scales where
 * there are none), and whether the step planned (1) or went on with its chunk (0). Episodes of
 * older versions have the first two. NaN where there was nothing to compare. One thread's.
 */
final class ForesightMessage {
  static final String TOPIC = "/forearm/foresight";

  private static final String NAMES = "verdict, error, realised, spread, planned";
  private static final int VALUES = 5;

  private final Float32MultiArray.Buffer message = new Float32MultiArray.Buffer();

  ForesightMessage() {
    EpisodeTap.dimension(message.layout, 0, NAMES, VALUES);
    message.data.resize(VALUES);
  }

  /** Valid until the next call. */
  @SuppressWarnings("EnumOrdinal") // the numbers are in the class comment
  Message of(ForesightReading reading) {
    message.data.set(0, reading.verdict().ordinal());
    message.data.set(1, (float) reading.error());
    message.data.set(2, (float) reading.realised());
    message.data.set(3, (float) reading.spread());
    message.data.set(4, reading.planned() ? 1 : 0);
    return message;
  }
}
