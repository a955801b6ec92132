package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.Qos;
import dev.forearm.ros.Qos.Timing;
import java.lang.foreign.MemorySegment;

/** Quality of service to and from rmw_qos_profile_t. */
final class RclQos {
  private static final String RELIABLE = "RMW_QOS_POLICY_RELIABILITY_RELIABLE";
  private static final String BEST_EFFORT = "RMW_QOS_POLICY_RELIABILITY_BEST_EFFORT";
  private static final String TRANSIENT_LOCAL = "RMW_QOS_POLICY_DURABILITY_TRANSIENT_LOCAL";
  private static final String VOLATILE = "RMW_QOS_POLICY_DURABILITY_VOLATILE";

  private static final String DEADLINE = "rmw_qos_profile_t.deadline";
  private static final String LIFESPAN = "rmw_qos_profile_t.lifespan";
  private static final String LEASE = "rmw_qos_profile_t.liveliness_lease_duration";
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

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
    Timing timing = qos.timing();
    write(timing.deadlineNanos(), layouts, profile.asSlice(layouts.value(DEADLINE)));
    write(timing.lifespanNanos(), layouts, profile.asSlice(layouts.value(LIFESPAN)));
    if (write(timing.leaseNanos(), layouts, profile.asSlice(layouts.value(LEASE)))) {
      profile.set(
          JAVA_INT,
          layouts.value("rmw_qos_profile_t.liveliness"),
          layouts.value("RMW_QOS_POLICY_LIVELINESS_AUTOMATIC"));
    }
  }

  /** Into an rmw_time_t; returns whether there is anything to say. */
  private static boolean write(long nanos, RclLayouts layouts, MemorySegment time) {
    if (nanos == Timing.WITHOUT_LIMIT) {
      return false;
    }
    time.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
    time.set(JAVA_LONG, layouts.value("rmw_time_t.nsec"), nanos % NANOS_PER_SECOND);
    return true;
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
        1,
        new Timing(
            nanos(layouts, profile.asSlice(layouts.value(DEADLINE))),
            nanos(layouts, profile.asSlice(layouts.value(LIFESPAN))),
            nanos(layouts, profile.asSlice(layouts.value(LEASE)))));
  }

  /** Of an rmw_time_t; nothing said and what no long can hold are both without limit. */
  private static long nanos(RclLayouts layouts, MemorySegment time) {
    long seconds = time.get(JAVA_LONG, 0);
    long part = time.get(JAVA_LONG, layouts.value("rmw_time_t.nsec"));
    boolean said = (seconds | part) != 0;
    boolean fits = seconds >= 0 && seconds < Timing.WITHOUT_LIMIT / NANOS_PER_SECOND && part >= 0;
    return said && fits && part < NANOS_PER_SECOND
        ? seconds * NANOS_PER_SECOND + part
        : Timing.WITHOUT_LIMIT;
  }
}
