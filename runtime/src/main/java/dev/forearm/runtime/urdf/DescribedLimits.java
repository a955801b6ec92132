package dev.forearm.runtime.urdf;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a running driver's description, {@code robot_description}, says of a joint.
 *
 * @param positionMin rad or m; minus infinity: no end
 * @param positionMax rad or m; infinity: no end
 * @param velocityMax rad/s or m/s; infinity: not said
 */
public record DescribedLimits(double positionMin, double positionMax, double velocityMax) {
  /**
   * Reads a description, by joint.
   *
   * @param urdf the description, its xacro expanded
   * @param name stands for it in messages
   * @throws dev.forearm.runtime.RuntimeFault if it is no URDF that can be read
   */
  public static Map<String, DescribedLimits> of(String urdf, String name) {
    Map<String, DescribedLimits> limits = new LinkedHashMap<>();
    for (UrdfJoint joint : Urdf.parse(urdf, name).joints().values()) {
      if (joint.leads()) {
        double infinity = Double.POSITIVE_INFINITY;
        double[] range = joint.range().orElse(new double[] {-infinity, infinity});
        double velocity = joint.velocityMax() > 0 ? joint.velocityMax() : infinity;
        limits.put(joint.name(), new DescribedLimits(range[0], range[1], velocity));
      }
    }
    return limits;
  }
}
