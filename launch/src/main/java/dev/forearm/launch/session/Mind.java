package dev.forearm.launch.session;

import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import java.util.Arrays;

/**
 * What drives an arm, and how it is told apart from others.
 *
 * @param policy plans
 * @param imaginedScale natural scale of each value of an imagined frame, physical units
 * @param name of the bundle, or {@code expert}
 * @param sha256 of the bundle; empty for what is no bundle
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
public record Mind(Policy policy, float[] imaginedScale, String name, String sha256) {

  /** A policy that imagines nothing. */
  public static Mind without(Policy policy, String name) {
    PolicySpec spec = policy.spec();
    float[] ones = new float[spec.frameWidth()];
    Arrays.fill(ones, 1);
    return new Mind(policy, ones, name, "");
  }
}
