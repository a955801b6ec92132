package dev.forearm.viewer;

import dev.forearm.runtime.robot.Joint;

/**
 * A joint's position between its limits.
 *
 * @param measured 0 at the lower limit, 1 at the upper; beyond them outside
 * @param commanded likewise
 */
record JointGauge(double measured, double commanded) {
  private static final double NEAR = 0.03;

  static JointGauge of(Joint joint, double measured, double commanded) {
    return new JointGauge(fraction(joint, measured), fraction(joint, commanded));
  }

  /** Whether the joint is outside its limits or within 3 % of its range of one. */
  boolean nearLimit() {
    return !(measured >= NEAR && measured <= 1 - NEAR);
  }

  private static double fraction(Joint joint, double position) {
    return (position - joint.positionMin()) / (joint.positionMax() - joint.positionMin());
  }
}
