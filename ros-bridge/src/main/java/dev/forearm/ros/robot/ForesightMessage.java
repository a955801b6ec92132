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
  static final int VALUES = 5;

  private static final String NAMES = "verdict, error, realised, spread, planned";

  private final Float32MultiArray.Buffer message = new Float32MultiArray.Buffer();
  private final double[] values = new double[VALUES];

  ForesightMessage() {
    EpisodeTap.dimension(message.layout, 0, NAMES, VALUES);
    message.data.resize(VALUES);
  }

  /** Writes the five numbers. */
  @SuppressWarnings("EnumOrdinal") // the numbers are in the class comment
  static void copy(ForesightReading reading, double[] to) {
    to[0] = reading.verdict().ordinal();
    to[1] = reading.error();
    to[2] = reading.realised();
    to[3] = reading.spread();
    to[4] = reading.planned() ? 1 : 0;
  }

  /** Valid until the next call. */
  Message of(ForesightReading reading) {
    copy(reading, values);
    return of(values);
  }

  /** Valid until the next call. */
  Message of(double[] found) {
    for (int i = 0; i < VALUES; i++) {
      message.data.set(i, (float) found[i]);
    }
    return message;
  }
}
