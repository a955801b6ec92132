package dev.forearm.launch.diagnose;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * So many of so many, with Wilson's interval at 95 %.
 *
 * @param done at most {@code of}
 * @param of above 0
 */
record Proportion(long done, long of) {
  private static final double Z = 1.959964; // of a standard normal number, two-sided 95 %

  double share() {
    return (double) done / of;
  }

  double low() {
    return middle() - reach();
  }

  double high() {
    return middle() + reach();
  }

  private double middle() {
    return (share() + Z * Z / (2 * of)) / (1 + Z * Z / of);
  }

  private double reach() {
    double variance = share() * (1 - share()) / of + Z * Z / (4.0 * of * of);
    return Z * Math.sqrt(variance) / (1 + Z * Z / of);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("done", done);
    json.put("of", of);
    json.put("low", low());
    json.put("high", high());
    return json;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s of %s (%.2f to %.2f)", done, of, low(), high());
  }
}
