package dev.forearm.launch.session;

import java.util.Arrays;

/**
 * The commands that were sent over some time, oldest first; reused, so valid only while it is
 * shown.
 */
public final class ExecutedCommands {
  private final int joints;
  private long[] stamps;
  private double[] positions; // [command][joint]
  private int count;

  /**
   * @param expected commands for which there is room from the start; more are taken as well
   */
  ExecutedCommands(int joints, int expected) {
    this.joints = joints;
    stamps = new long[expected];
    positions = new double[expected * joints];
  }

  /** How many there are: one each control cycle. */
  public int count() {
    return count;
  }

  /** When one was sent, on the session's clock. */
  public long stampNanos(int command) {
    return stamps[command];
  }

  /** Where one sent a joint, in command order; rad or m. */
  public double position(int command, int joint) {
    return positions[command * joints + joint];
  }

  void add(double[] sent, long stampNanos) {
    if (count == stamps.length) {
      stamps = Arrays.copyOf(stamps, 2 * count);
      positions = Arrays.copyOf(positions, 2 * count * joints);
    }
    stamps[count] = stampNanos;
    System.arraycopy(sent, 0, positions, count * joints, joints);
    count++;
  }

  void clear() {
    count = 0;
  }
}
