package dev.forearm.runtime.robot;

import java.util.Optional;

/**
 * How one joint answers to position commands: where it comes to be, and how much later.
 *
 * <pre>
 *   position(t) = centre + gain (command(t - lag) - centre) + bias
 * </pre>
 *
 * @param joint its name
 * @param gain 1 where {@code gainError} is empty
 * @param gainError standard error of the gain; empty where the joint moved too little to tell it
 * @param bias how far it is off at {@code centre}, rad or m
 * @param biasError standard error of the bias, rad or m
 * @param centre about the middle of the commands it was identified from, rad or m
 * @param lagNanos from command to position
 * @param lagErrorNanos standard error of the lag; empty where the joint moved too little to tell it
 * @param leadNanos by how much earlier it is to be told than a robot that the policy learned on
 * @param residualBefore root mean square of position minus command, lag taken out, rad or m
 * @param residualAfter of what the response does not explain, rad or m
 */
public record JointResponse(
    String joint,
    double gain,
    Optional<Double> gainError,
    double bias,
    double biasError,
    double centre,
    long lagNanos,
    Optional<Long> lagErrorNanos,
    long leadNanos,
    double residualBefore,
    double residualAfter) {
  /** Least and greatest gain of a servo that is worth adapting to, rather than repairing. */
  public static final double GAIN_MIN = 0.8;

  public static final double GAIN_MAX = 1.25;

  /** Greatest bias either way of a joint that turns, rad. */
  public static final double BIAS_MAX_RAD = 0.1;

  /** Greatest bias either way of a joint that slides, m. */
  public static final double BIAS_MAX_M = 0.005;

  /** The longest lag and lead. */
  public static final long LAG_MAX_NANOS = 300_000_000;

  /**
   * @throws IllegalArgumentException if gain, lag or lead are beyond their limits
   */
  public JointResponse {
    if (!(gain >= GAIN_MIN && gain <= GAIN_MAX)) {
      throw new IllegalArgumentException(
          "joint '%s': gain is %s, wanted %s to %s; repair the servo rather than adapt to it"
              .formatted(joint, gain, GAIN_MIN, GAIN_MAX));
    }
    if (lagNanos < 0 || lagNanos > LAG_MAX_NANOS || Math.abs(leadNanos) > LAG_MAX_NANOS) {
      throw new IllegalArgumentException(
          "joint '%s': lag is %s ns and lead %s ns, wanted a lag of 0 to %s and a lead no longer"
              .formatted(joint, lagNanos, leadNanos, LAG_MAX_NANOS));
    }
  }

  /** The greatest bias either way of a joint with positions in {@code unit}. */
  public static double biasMax(JointUnit unit) {
    return switch (unit) {
      case RADIAN -> BIAS_MAX_RAD;
      case METRE -> BIAS_MAX_M;
    };
  }

  /** Where the joint comes to be under a command, rad or m. */
  public double position(double command) {
    return centre + gain * (command - centre) + bias;
  }

  /** The command that brings the joint to a position, rad or m. */
  public double command(double position) {
    return centre + (position - bias - centre) / gain;
  }

  /** The same, to be told earlier by {@code nanos}. */
  public JointResponse leadingBy(long nanos) {
    return new JointResponse(
        joint,
        gain,
        gainError,
        bias,
        biasError,
        centre,
        lagNanos,
        lagErrorNanos,
        nanos,
        residualBefore,
        residualAfter);
  }
}
