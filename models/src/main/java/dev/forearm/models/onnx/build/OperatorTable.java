package dev.forearm.models.onnx.build;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules by operator, filled once at start-up: two for one operator are a mistake.
 *
 * @param <R> the kind of rule
 */
public final class OperatorTable<R> {
  private final Map<String, R> rules = new HashMap<>();

  /**
   * Enters the rule of an operator.
   *
   * @throws IllegalStateException when it has one
   */
  public void put(String operator, R rule) {
    if (rules.putIfAbsent(operator, rule) != null) {
      throw new IllegalStateException("operator " + operator + " has two rules, wanted one");
    }
  }

  /** The rule of an operator of ai.onnx, or null. */
  public @Nullable R find(String operator) {
    return rules.get(operator);
  }

  /** Operators that have a rule. */
  public Set<String> operators() {
    return Collections.unmodifiableSet(rules.keySet());
  }
}
