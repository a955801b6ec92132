package dev.forearm.ros;

import dev.forearm.ros.msg.builtin_interfaces.Duration;
import dev.forearm.ros.msg.builtin_interfaces.Time;

/** Nanoseconds to and from builtin_interfaces. */
public final class RosTime {
  private static final long SECOND = 1_000_000_000L;

  private RosTime() {}

  /** Nanoseconds since the epoch of the clock that stamped it. */
  public static long nanos(Time.Buffer time) {
    return time.sec * SECOND + Integer.toUnsignedLong(time.nanosec);
  }

  public static Time of(long nanos) {
    return new Time((int) Math.floorDiv(nanos, SECOND), (int) Math.floorMod(nanos, SECOND));
  }

  /** So many nanoseconds earlier. */
  public static Time before(Time time, long nanos) {
    return of(time.sec() * SECOND + Integer.toUnsignedLong(time.nanosec()) - nanos);
  }

  public static Duration duration(long nanos) {
    return new Duration((int) Math.floorDiv(nanos, SECOND), (int) Math.floorMod(nanos, SECOND));
  }

  public static void set(Time.Buffer time, long nanos) {
    time.sec = (int) Math.floorDiv(nanos, SECOND);
    time.nanosec = (int) Math.floorMod(nanos, SECOND);
  }

  public static void set(Duration.Buffer duration, long nanos) {
    duration.sec = (int) Math.floorDiv(nanos, SECOND);
    duration.nanosec = (int) Math.floorMod(nanos, SECOND);
  }
}
