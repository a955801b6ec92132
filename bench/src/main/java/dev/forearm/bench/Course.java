package dev.forearm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a quantity was over time, and whether it grew. Used by one thread. */
final class Course {
  private static final double SECONDS_PER_HOUR = 3600;
  private static final int ENDS = 10; // a tenth each is called first and last

  private final List<Double> hours = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();

  void add(double second, double value) {
    hours.add(second / SECONDS_PER_HOUR);
    values.add(value);
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * Tells how it began, how it ended, and the slope of the straight line of least squares.
   *
   * @param name ends in the unit
   */
  void put(Map<String, Double> report, String name) {
    int end = Math.min(values.size(), Math.max(1, values.size() / ENDS));
    report.put("first_" + name, mean(values.subList(0, end)));
    report.put("last_" + name, mean(values.subList(values.size() - end, values.size())));
    report.put("slope_" + name + "_per_hour", slopePerHour());
  }

  /** Of the straight line of least squares. */
  double slopePerHour() {
    double meanHour = mean(hours);
    double meanValue = mean(values);
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < values.size(); i++) {
      covariance += (hours.get(i) - meanHour) * (values.get(i) - meanValue);
      variance += Math.pow(hours.get(i) - meanHour, 2);
    }
    return covariance / variance;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }
}
