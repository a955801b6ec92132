package dev.forearm.runtime.signal;

/**
 * Where the numbers of the signal {@code takeover} stand, which holds what a person asks of an arm
 * of n joints.
 *
 * <pre>
 *   0.. goals  | n.. twist          | n+6 frame         | n+7 when the twist came
 *   rad or m;  | x y z m/s,         | 0 base, 1 tool    | ns on the runtime's clock; exact
 *   NaN: none  | x y z rad/s        |                   | to 16 ns for three years
 * </pre>
 *
 * <p>A joint with a goal goes there. The others follow the twist if they are in the chain, and else
 * stay.
 */
public final class TakeoverSignal {
  /** In which the twist is told. */
  public static final double BASE = 0;

  /** In which the twist is told. */
  public static final double TOOL = 1;

  private TakeoverSignal() {}

  /** Place of the first of the twist's six numbers. */
  public static int twist(int joints) {
    return joints;
  }

  /** Place of the frame. */
  public static int frame(int joints) {
    return joints + 6;
  }

  /** Place of the time at which the twist came. */
  public static int twistNanos(int joints) {
    return joints + 7;
  }

  /** How many numbers there are. */
  public static int width(int joints) {
    return joints + 8;
  }
}
