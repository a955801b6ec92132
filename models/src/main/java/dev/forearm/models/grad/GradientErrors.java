package dev.forearm.models.grad;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far gradients are from what they should be.
 *
 * @param measure what the errors are, for people
 * @param limit the largest error that is good
 * @param errors relative error by name, in order; infinite where a number is not finite
 */
public record GradientErrors(String measure, double limit, Map<String, Double> errors) {
  public GradientErrors {
    errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
  }

  /** Whether one error is within the limit. */
  public boolean good(double error) {
    return error <= limit;
  }

  /** Whether every error is within the limit. */
  public boolean good() {
    return errors.values().stream().allMatch(this::good);
  }

  /** The largest error; 0 where there is none. */
  public double worst() {
    return errors.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }
}
