package dev.forearm.runtime.urdf;

import dev.forearm.runtime.urdf.UrdfJoint.Mimic;
import java.util.List;

/**
 * One of the robot's joints with the strictest of all limits that are known of it: those of the
 * URDF, of the joint limits file, and of the joints that follow it.
 *
 * @param joint as the URDF has it
 * @param positionMin rad or m
 * @param positionMax rad or m
 * @param velocityMax rad/s or m/s
 * @param accelerationMax rad/s^2 or m/s^2
 * @param accelerationKnown whether somebody said so
 * @param jerkMax rad/s^3 or m/s^3; infinite: not limited
 */
record ImportedJoint(
    UrdfJoint joint,
    double positionMin,
    double positionMax,
    double velocityMax,
    double accelerationMax,
    boolean accelerationKnown,
    double jerkMax) {
  /** Of a joint without ends: one turn either way, so that cables survive. */
  private static final double TURN = 2 * Math.PI;

  /** Where nobody says how hard a joint may accelerate, it takes half a second to full speed. */
  private static final double SECONDS_TO_FULL_SPEED = 0.5;

  static ImportedJoint of(Urdf urdf, UrdfJoint joint, JointLimits limits) {
    double[] range = joint.range().orElse(new double[] {-TURN, TURN});
    double min = Math.max(range[0], limits.positionMin().orElse(range[0]));
    double max = Math.min(range[1], limits.positionMax().orElse(range[1]));
    double velocity = stricter(joint.velocityMax(), limits.velocityMax().orElse(0.0));
    for (UrdfJoint follower : followers(urdf, joint)) {
      Mimic mimic = follower.mimic().orElseThrow();
      if (mimic.multiplier() == 0) {
        continue;
      }
      if (follower.range().isPresent()) {
        double[] its = follower.range().get();
        double one = (its[0] - mimic.offset()) / mimic.multiplier();
        double other = (its[1] - mimic.offset()) / mimic.multiplier();
        min = Math.max(min, Math.min(one, other));
        max = Math.min(max, Math.max(one, other));
      }
      velocity = stricter(velocity, follower.velocityMax() / Math.abs(mimic.multiplier()));
    }
    if (!(min < max)) {
      throw urdf.fault(
          "joint '%s' may be at %s to %s, wanted a range; its limits or those of a joint that mimics it leave none"
              .formatted(joint.name(), min, max));
    }
    if (!(velocity > 0)) {
      throw urdf.fault(
          "joint '%s' has no limit of velocity; give max_velocity in --limits"
              .formatted(joint.name()));
    }
    return new ImportedJoint(
        joint,
        min,
        max,
        velocity,
        limits.accelerationMax().orElse(velocity / SECONDS_TO_FULL_SPEED),
        limits.accelerationMax().isPresent(),
        limits.jerkMax().orElse(Double.POSITIVE_INFINITY));
  }

  private static List<UrdfJoint> followers(Urdf urdf, UrdfJoint joint) {
    return urdf.joints().values().stream()
        .filter(other -> other.mimic().filter(m -> m.master().equals(joint.name())).isPresent())
        .toList();
  }

  /** The lesser of two limits of which 0 says nothing. */
  private static double stricter(double one, double other) {
    return one > 0 && other > 0 ? Math.min(one, other) : Math.max(one, other);
  }
}
