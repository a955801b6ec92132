package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.Qos;
import java.lang.foreign.MemorySegment;

/** Quality of service to and from rmw_qos_profile_t. */
final class RclQos {
  private static final String RELIABLE = "RMW_QOS_POLICY_RELIABILITY_RELIABLE";
  private static final String BEST_EFFORT = "RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT";
  private static final String TRANSIENT_LOCAL = "RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL";
  private static final String VOLATILE = "RMW_QOS_POLICY_DURABILITY_VOLATILE";

  private RclQos() {}

  /** Overwrites what {@code qos} says in a profile of rcl's defaults; the rest stays. */
  static void write(Qos qos, RclLayouts layouts, MemorySegment profile) {
    profile.set(
        JAVA_INT,
        layouts.value("rmw_qos_profile_t.history"),
        layouts.value("RMW_QOS_POLICY_HISTORY_KEEP_LAST"));
    profile.set(JAVA_LONG, layouts.value("rmw_qos_profile_t.depth"), qos.depth());
    profile.set(
        JAVA_INT,
        layouts.value("rmw_qos_profile_t.reliability"),
        layouts.value(
            switch (qos.reliability()) {
              case RELIABLE -> RELIABLE;
              case BEST_EFFORT -> BEST_EFFORT;
            }));
    profile.set(
        JAVA_INT,
        layouts.value("rmw_qos_profile_t.durability"),
        layouts.value(
            switch (qos.durability()) {
              case TRANSIENT_LOCAL -> TRANSIENT_LOCAL;
              case VOLATILE -> VOLATILE;
            }));
  }

  /** What somebody else's profile offers or asks for; its depth is of no interest here. */
  static Qos read(RclLayouts layouts, MemorySegment profile) {
    int reliability = profile.get(JAVA_INT, layouts.value("rmw_qos_profile_t.reliability"));
    int durability = profile.get(JAVA_INT, layouts.value("rmw_qos_profile_t.durability"));
    return new Qos(
        reliability == layouts.value(RELIABLE)
            ? Qos.Reliability.RELIABLE
            : Qos.Reliability.BEST_EFFORT,
        durability == layouts.value(TRANSIENT_LOCAL)
            ? Qos.Durability.TRANSIENT_LOCAL
            : Qos.Durability.VOLATILE,
        1);
  }
}
