package dev.forearm.runtime.safety;

import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import java.util.Arrays;

/**
 * Notices a joint that does not follow its command: something is in its way, its servo has given
 * up, or its measurement jumped. Control thread; never allocates.
 */
public final class TrackingWatch {
  /** No joint is off. */
  public static final int NOBODY = -1;

  private final double[] errorMax; // infinite where anything goes
  private final long[] offNanos; // for how long each joint has been off
  private final long longestNanos;

  public TrackingWatch(Robot robot) {
    errorMax =
        robot.joints().stream()
            .map(Joint::trackingErrorMax)
            .mapToDouble(most -> most.orElse(Double.POSITIVE_INFINITY))
            .toArray();
    offNanos = new long[errorMax.length];
    longestNanos = robot.timeouts().trackingErrorNanos();
  }

  /** Forgets what was: commands start over. */
  public void restart() {
    Arrays.fill(offNanos, 0);
  }

  /**
   * Compares once a cycle.
   *
   * @param elapsedNanos since the last time
   * @param commanded joint positions, rad or m
   * @param measured joint positions, and more
   * @return a joint that has been too far off for too long, or {@link #NOBODY}
   */
  public int look(long elapsedNanos, double[] commanded, double[] measured) {
    for (int j = 0; j < errorMax.length; j++) {
      boolean off = Math.abs(commanded[j] - measured[j]) > errorMax[j];
      offNanos[j] = off ? offNanos[j] + Math.max(0, elapsedNanos) : 0;
      if (offNanos[j] > longestNanos) {
        return j;
      }
    }
    return NOBODY;
  }
}
