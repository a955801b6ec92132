package dev.forearm.ros.robot;

import java.util.Map;
import java.util.Optional;

/**
 * One control cycle of an episode.
 *
 * @param nanos its time on the runtime's clock
 * @param jointState number of the joint state that it read; 0: none had come
 * @param jointStateHash of its values
 * @param chunk sequence of the newest chunk that it knew; 0: none
 * @param events of {@link dev.forearm.runtime.inference.CycleEvent}
 * @param elapsedNanos since the cycle before
 * @param takeover number of what it read that a person asked for; 0: nothing
 * @param commands positions by command topic, in each joint group's order, rad or m; only of the
 *     groups that were sent one
 * @param safety state and reason, where either changed
 */
public record RecordedCycle(
    long nanos,
    long jointState,
    long jointStateHash,
    long chunk,
    int events,
    long elapsedNanos,
    long takeover,
    Map<String, double[]> commands,
    Optional<String> safety) {

  /** Whether it heard or did this. */
  public boolean has(int event) {
    return (events & event) != 0;
  }

  /** Of numbers, bit for bit: equal arrays have equal hashes, and others hardly ever. */
  public static long hash(double[] values) {
    long hash = values.length;
    for (double value : values) {
      hash = (hash ^ Double.doubleToRawLongBits(value)) * 0x9E3779B97F4A7C15L; // odd: 2^64 / phi
      hash ^= hash >>> 32;
    }
    return hash;
  }

  static RecordedCycle of(
      long nanos, long[] data, Map<String, double[]> commands, Optional<String> safety) {
    long takeover = data.length > 5 ? data[5] : 0; // older versions knew none
    return new RecordedCycle(
        nanos, data[0], data[1], data[2], (int) data[3], data[4], takeover, commands, safety);
  }
}
