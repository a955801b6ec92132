package dev.forearm.runtime.robot;

/**
 * What a twist has added so that the tool does not stray from where it is commanded to be: a share
 * of the way there, each second.
 *
 * @param gain that share, 1/s
 * @param lagNanos how far the arm is behind its twists: where it is measured to be is compared with
 *     where it was to be that long ago
 * @param linearMax the most that is added, m/s
 * @param angularMax likewise, rad/s
 */
public record TwistCorrection(double gain, long lagNanos, double linearMax, double angularMax) {
  public TwistCorrection {
    if (!(gain > 0) || lagNanos < 0 || !(linearMax > 0) || !(angularMax > 0)) {
      throw new IllegalArgumentException(
          "twist: correction by gain %s, lag %s ns, linear_max %s, angular_max %s; wanted more than 0, and no negative lag"
              .formatted(gain, lagNanos, linearMax, angularMax));
    }
    if (gain * lagNanos * 1e-9 > 1 / Math.E) { // x'(t) = -gain x(t - lag) swings beyond that
      throw new IllegalArgumentException(
          "twist: a correction of gain %s overshoots behind a lag of %s ns, wanted a product of at most 1/e; lower the gain"
              .formatted(gain, lagNanos));
    }
  }
}
