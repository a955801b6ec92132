package dev.forearm.runtime.foresight;

import dev.forearm.runtime.policy.PolicySpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How large each channel gets, feature by feature, before it says that something is wrong: root
 * mean squares over a feature's values in units of their scale.
 *
 * @param falseStops fraction of good episodes that both channels together stop, at most
 * @param episodes that they were calibrated on
 * @param realised of the distance between what was imagined and what came about, by imagined
 *     feature
 * @param spread of the disagreement among plans, by imagined feature
 */
public record ForesightLimits(
    double falseStops, int episodes, Map<String, Double> realised, Map<String, Double> spread) {
  public ForesightLimits {
    realised = positive(realised);
    spread = positive(spread);
    if (!(falseStops > 0 && falseStops < 1) || !realised.keySet().equals(spread.keySet())) {
      throw new IllegalArgumentException(
          "foresight limits: wanted a false-stop rate between 0 and 1 and limits of the same features, found %s, %s and %s"
              .formatted(falseStops, realised.keySet(), spread.keySet()));
    }
  }

  /**
   * The limits of one channel in the order of a policy's imagined features.
   *
   * @throws IllegalArgumentException if they are of other features
   */
  static double[] inOrder(Map<String, Double> limits, PolicySpec spec) {
    List<String> wanted = spec.imagined();
    if (!limits.keySet().equals(Map.copyOf(indexed(wanted)).keySet())) {
      throw new IllegalArgumentException(
          "foresight limits: found limits of %s, the policy imagines %s; calibrate it again"
              .formatted(limits.keySet(), wanted));
    }
    return wanted.stream().mapToDouble(feature -> limits.getOrDefault(feature, 1.0)).toArray();
  }

  private static Map<String, Double> indexed(List<String> names) {
    Map<String, Double> map = new LinkedHashMap<>();
    names.forEach(name -> map.put(name, 1.0));
    return map;
  }

  private static Map<String, Double> positive(Map<String, Double> limits) {
    limits.forEach((feature, limit) -> {
      if (!(limit > 0)) {
        throw new IllegalArgumentException(
            "foresight limits: found %s for '%s', wanted a positive number"
                .formatted(limit, feature));
      }
    });
    return Map.copyOf(limits);
  }
}
