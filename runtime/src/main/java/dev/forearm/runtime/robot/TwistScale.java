package dev.forearm.runtime.robot;

/**
 * Of a servo that takes twists without a unit, from -1 to 1: what 1 stands for.
 *
 * @param linear m/s
 * @param angular rad/s
 */
public record TwistScale(double linear, double angular) {
  public TwistScale {
    if (!(linear > 0) || !(angular > 0)) {
      throw new IllegalArgumentException(
          "twist: found a scale of %s m/s and %s rad/s, wanted more than 0 of both"
              .formatted(linear, angular));
    }
  }
}
