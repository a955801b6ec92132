package dev.forearm.runtime.foresight;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;

/**
 * The futures that the plans of the last horizon imagined, oldest overwritten first. Between what a
 * plan saw and its frames the future is a line. Plans are told apart by their age: 0 is the newest.
 */
final class ImaginedPast {
  private final int[] observedAt; // where each value of a frame stands in the observation
  private final int[] frameSteps;
  private final long stepNanos;
  private final int width;
  private final float[][] futures; // [plan][1 + frame][value]: what it saw, then its frames
  private final long[] nanos;
  private int newest = -1;
  private int count;

  ImaginedPast(PolicySpec spec) {
    observedAt = spec.placesOf(spec.imagined());
    frameSteps = spec.frameSteps().stream().mapToInt(Integer::intValue).toArray();
    stepNanos = spec.periodNanos();
    width = observedAt.length;
    int horizon = frameSteps.length == 0 ? 0 : frameSteps[frameSteps.length - 1];
    futures = new float[horizon + 2][(1 + frameSteps.length) * width];
    nanos = new long[horizon + 2];
  }

  void forget() {
    count = 0;
  }

  void remember(Observation seen, float[] imagined) {
    newest = (newest + 1) % futures.length;
    float[] future = futures[newest];
    for (int i = 0; i < width; i++) {
      future[i] = seen.values()[observedAt[i]];
    }
    System.arraycopy(imagined, 0, future, width, imagined.length);
    nanos[newest] = seen.stampNanos();
    count = Math.min(count + 1, futures.length);
  }

  /** Plans remembered. */
  int count() {
    return count;
  }

  /** When the plan of an age was made. */
  long nanos(int age) {
    return nanos[slot(age)];
  }

  /** When a frame of it is due. */
  long dueNanos(int age, int frame) {
    return nanos(age) + frameSteps[frame] * stepNanos;
  }

  /**
   * The newest plan made at least one frame's time before {@code beforeNanos}, give or take half a
   * step, from some age on; -1 if there is none.
   */
  int ageBefore(long beforeNanos, int fromAge) {
    for (int age = fromAge; age < count; age++) {
      if (beforeNanos - nanos(age) >= frameSteps[0] * stepNanos - stepNanos / 2) {
        return age;
      }
    }
    return -1;
  }

  /** Whether the plan of an age reaches as far as {@code then}, give or take half a step. */
  boolean reaches(int age, long then) {
    return then - dueNanos(age, frameSteps.length - 1) <= stepNanos / 2;
  }

  /** What the plan of an age imagined a value to be at {@code then}, which it reaches. */
  double value(int age, long then, int value) {
    double steps = (double) (then - nanos(age)) / stepNanos;
    float[] future = futures[slot(age)];
    int from = 0;
    double fromStep = 0;
    for (int frame = 0; frame < frameSteps.length; frame++) {
      double toStep = frameSteps[frame];
      if (steps <= toStep) {
        double share = (steps - fromStep) / (toStep - fromStep);
        double before = future[from * width + value];
        double after = future[(frame + 1) * width + value];
        return share == 1 ? after : before + share * (after - before);
      }
      from = frame + 1;
      fromStep = toStep;
    }
    return future[from * width + value];
  }

  private int slot(int age) {
    return Math.floorMod(newest - age, futures.length);
  }
}
