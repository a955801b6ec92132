package dev.forearm.ros.robot;

import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;

/** Nanoseconds and builtin_interfaces. */
final class RosTime {
  private static final long SECOND = 1_000_000_000L;

  private RosTime() {}

  static long nanos(Time.Buffer time) {
    return time.sec * SECOND + Integer.toUnsignedLong(time.nanosec);
  }

  static void set(Time.Buffer time, long nanos) {
    time.sec = (int) Math.floorDiv(nanos, SECOND);
    time.nanosec = (int) Math.floorMod(nanos, SECOND);
  }

  static void set(Duration.Buffer duration, long nanos) {
    duration.sec = (int) Math.floorDiv(nanos, SECOND);
    duration.nanosec = (int) Math.floorMod(nanos, SECOND);
  }
}
