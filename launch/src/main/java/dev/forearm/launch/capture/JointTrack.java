package dev.forearm.launch.capture;

import dev.forearm.calibration.latency.Series;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.runtime.robot.Robot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Where each joint of a robot was, rad or m, over time: nanoseconds of whatever clock is used. */
public final class JointTrack {
  /** A rest is looked at in so many parts. */
  private static final int PARTS = 4;

  /** Further than this apart, rad or m, the means of two parts are motion. */
  private static final double REST_MAX = 5e-4;

  /** ... but for what readings that jitter by so much explain, in standard errors of a mean. */
  private static final double ERRORS_MAX = 3;

  /** Readings that jitter by more, rad or m, are of an arm that shakes. */
  private static final double JITTER_MAX = 3e-3;

  private static final double APART_MIN = 5e-3; // rad or m

  private final Map<String, NavigableMap<Long, Double>> positions = new LinkedHashMap<>();

  public JointTrack(Robot robot) {
    robot.jointNames().forEach(joint -> positions.put(joint, new TreeMap<>()));
  }

  /** Takes the positions of those joints that are the robot's. */
  public void take(long nanos, JointState state) {
    for (int i = 0; i < Math.min(state.name().size(), state.position().length); i++) {
      NavigableMap<Long, Double> series = positions.get(state.name().get(i));
      if (series != null) {
        series.put(nanos, state.position()[i]);
      }
    }
  }

  /** Joints that were never told of. */
  public List<String> silent() {
    return positions.entrySet().stream()
        .filter(entry -> entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A joint's positions over time. */
  public Series positions(String joint) {
    NavigableMap<Long, Double> series = Objects.requireNonNull(positions.get(joint));
    return new Series(
        series.keySet().stream().mapToLong(Long::longValue).toArray(),
        series.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** All joints at a time, straight between readings, in command order; none is silent. */
  public double[] at(long nanos) {
    return positions.values().stream().mapToDouble(series -> at(series, nanos)).toArray();
  }

  private static double at(NavigableMap<Long, Double> series, long nanos) {
    Map.Entry<Long, Double> before = series.floorEntry(nanos);
    Map.Entry<Long, Double> after = series.ceilingEntry(nanos);
    if (before == null || after == null || before.getKey().equals(after.getKey())) {
      return Objects.requireNonNull(before == null ? after : before).getValue();
    }
    double part = (double) (nanos - before.getKey()) / (after.getKey() - before.getKey());
    return before.getValue() + part * (after.getValue() - before.getValue());
  }

  /**
   * Where the arm rested all the time from one moment to another: in command order, the mean of
   * each joint's readings, so that what they jitter by averages out. An arm rests if no joint's
   * readings are further apart from quarter to quarter of that time than {@value #REST_MAX} rad or
   * m and their jitter.
   *
   * @return empty if it did not rest, or a quarter has no reading of some joint
   */
  public Optional<double[]> rest(long from, long to) {
    double[] rest = new double[positions.size()];
    int joint = 0;
    for (NavigableMap<Long, Double> series : positions.values()) {
      double mean = rest(series, from, to);
      if (Double.isNaN(mean)) {
        return Optional.empty();
      }
      rest[joint++] = mean;
    }
    return Optional.of(rest);
  }

  /** NaN: no rest. */
  private static double rest(NavigableMap<Long, Double> series, long from, long to) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double all = 0;
    double squares = 0;
    int count = 0;
    for (int part = 0; part < PARTS; part++) {
      SortedMap<Long, Double> readings =
          series.subMap(from + (to - from) * part / PARTS, from + (to - from) * (part + 1) / PARTS);
      if (readings.isEmpty()) {
        return Double.NaN;
      }
      double sum = 0;
      for (double reading : readings.values()) {
        sum += reading;
      }
      double mean = sum / readings.size();
      for (double reading : readings.values()) {
        squares += (reading - mean) * (reading - mean);
      }
      least = Math.min(least, mean);
      most = Math.max(most, mean);
      all += sum;
      count += readings.size();
    }
    double jitter = Math.sqrt(squares / Math.max(1, count - PARTS));
    double slack = ERRORS_MAX * jitter * Math.sqrt((double) PARTS / count);
    return jitter <= JITTER_MAX && most - least <= REST_MAX + slack ? all / count : Double.NaN;
  }

  /** Whether two rests are in different places. */
  public static boolean apart(double[] one, double[] other) {
    return IntStream.range(0, one.length).anyMatch(j -> Math.abs(one[j] - other[j]) > APART_MIN);
  }

  /** Forgets readings before a time. */
  public void forgetBefore(long nanos) {
    positions.values().forEach(series -> series.headMap(nanos).clear());
  }
}
