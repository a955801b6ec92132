package dev.forearm.runtime.urdf;

import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One joint's entry in MoveIt's {@code joint_limits.yaml}; angles there may be tagged {@code
 * !degrees}.
 *
 * @param positionMin rad or m
 * @param positionMax rad or m
 * @param velocityMax rad/s or m/s
 * @param accelerationMax rad/s^2 or m/s^2
 * @param jerkMax rad/s^3 or m/s^3
 */
record JointLimits(
    Optional<Double> positionMin,
    Optional<Double> positionMax,
    Optional<Double> velocityMax,
    Optional<Double> accelerationMax,
    Optional<Double> jerkMax) {
  /** Of a joint that has no entry. */
  static final JointLimits NONE =
      new JointLimits(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Reads a file, by joint.
   *
   * @throws RuntimeFault if it is damaged, or limits a joint that the robot has not
   */
  static Map<String, JointLimits> read(Path file, Urdf urdf) {
    return ConfigFile.read(
        file,
        root -> {
          Map<String, JointLimits> limits = new LinkedHashMap<>();
          List<String> _ = root.keys(); // MoveIt's scaling factors are the planner's
          Section joints = root.section("joint_limits");
          for (String joint : joints.keys()) {
            if (!urdf.joints().containsKey(joint)) {
              throw joints.fault(joint, "the URDF has no such joint; correct or remove it");
            }
            limits.put(joint, of(joints.section(joint)));
          }
          return limits;
        });
  }

  private static JointLimits of(Section joint) {
    List<String> _ = joint.keys(); // efforts and decelerations are the controller's
    return new JointLimits(
        limit(joint, "position", "min_position"),
        limit(joint, "position", "max_position"),
        limit(joint, "velocity", "max_velocity"),
        limit(joint, "acceleration", "max_acceleration"),
        limit(joint, "jerk", "max_jerk"));
  }

  private static Optional<Double> limit(Section joint, String kind, String key) {
    boolean applies = joint.optionalFlag("has_" + kind + "_limits").orElse(true);
    boolean degrees = joint.tag(key).filter("!degrees"::equals).isPresent();
    return joint
        .optionalNumber(key)
        .filter(_ -> applies)
        .map(value -> degrees ? Math.toRadians(value) : value);
  }
}
