package dev.forearm.launch.diagnose;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How one quantity goes with another: least squares, one pair at a time. */
final class Line {
  private long count;
  private double sumX;
  private double sumY;
  private double sumXx;
  private double sumXy;
  private double sumDifference; // squared

  void add(double x, double y) {
    count++;
    sumX += x;
    sumY += y;
    sumXx += x * x;
    sumXy += x * y;
    sumDifference += (y - x) * (y - x);
  }

  /** Of y on x; NaN where x never changes. */
  double slope() {
    double variance = sumXx - sumX * sumX / count;
    return variance <= 0 ? Double.NaN : (sumXy - sumX * sumY / count) / variance;
  }

  /** Mean of y - x. */
  double bias() {
    return (sumY - sumX) / count;
  }

  /** Root mean square of y - x. */
  double rms() {
    return Math.sqrt(sumDifference / count);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("slope", finite(slope()));
    json.put("bias", finite(bias()));
    json.put("rms", finite(rms()));
    return json;
  }

  /** In thousandths, which are mm and mrad. */
  @Override
  public String toString() {
    return "slope %s  bias %s e-3  rms %s e-3"
        .formatted(text(slope()), text(1e3 * bias()), text(1e3 * rms()));
  }

  static String text(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
