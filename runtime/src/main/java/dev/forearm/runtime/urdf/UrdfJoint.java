package dev.forearm.runtime.urdf;

import java.util.Optional;

/**
 * A joint of a URDF: how its child link lies to its parent, and what of that can move.
 *
 * @param name unique among joints
 * @param type how it moves
 * @param parent link
 * @param child link
 * @param origin x y z in m and roll pitch yaw in rad of the child in the parent's frame, at 0
 * @param axis unit vector in the child's frame; of a fixed joint meaningless
 * @param range lowest and highest position, rad or m; empty: no ends
 * @param velocityMax rad/s or m/s; 0: not said
 * @param effortMax Nm or N; 0: not said
 * @param mimic the joint that it follows; empty: none
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record UrdfJoint(
    String name,
    Type type,
    String parent,
    String child,
    double[] origin,
    double[] axis,
    Optional<double[]> range,
    double velocityMax,
    double effortMax,
    Optional<Mimic> mimic) {
  /** How a joint moves. */
  enum Type {
    FIXED,
    /** Turns about its axis, between two ends. */
    REVOLUTE,
    /** Turns about its axis for ever. */
    CONTINUOUS,
    /** Slides along its axis, between two ends. */
    PRISMATIC
  }

  /**
   * {@code multiplier master + offset}.
   *
   * @param master a joint that follows none
   */
  record Mimic(String master, double multiplier, double offset) {}

  boolean moves() {
    return type != Type.FIXED;
  }

  boolean slides() {
    return type == Type.PRISMATIC;
  }

  /** Whether it is one of the robot's joints: it moves, and follows none. */
  boolean leads() {
    return moves() && mimic.isEmpty();
  }

  /** The same, following another. */
  UrdfJoint following(Mimic other) {
    return new UrdfJoint(
        name, type, parent, child, origin, axis, range, velocityMax, effortMax, Optional.of(other));
  }
}
