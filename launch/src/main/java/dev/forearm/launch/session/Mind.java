package dev.forearm.launch.session;

import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What drives an arm, and how it is told apart from others. Owns its policy.
 *
 * @param policy plans
 * @param imaginedScale natural scale of each value of an imagined frame, physical units
 * @param name of the bundle, or {@code expert}
 * @param task that it was made for
 * @param sha256 of the bundle; empty for what is no bundle
 */
@SuppressWarnings("ArrayRecordComponent") // held, never compared
public record Mind(Policy policy, float[] imaginedScale, String name, String task, String sha256)
    implements AutoCloseable {

  /**
   * Loads a bundle for a robot.
   *
   * @throws dev.forearm.models.ModelsFault if it is damaged or does not fit
   */
  public static Mind of(Path bundle, Robot robot) {
    BundlePolicy policy = BundlePolicy.load(bundle, robot);
    return new Mind(
        policy,
        imaginedScale(policy.spec(), policy.bundle().statistics().observation().std()),
        policy.bundle().manifest().name(),
        policy.bundle().manifest().task(),
        policy.bundle().sha256());
  }

  /** A policy that imagines nothing. */
  public static Mind without(Policy policy, String name, String task) {
    float[] ones = new float[policy.spec().observationWidth()];
    Arrays.fill(ones, 1);
    return new Mind(policy, imaginedScale(policy.spec(), ones), name, task, "");
  }

  @Override
  public void close() {
    policy.close();
  }

  /** Imagined features are observed ones: what they vary by in an observation. */
  private static float[] imaginedScale(PolicySpec spec, float[] observedStd) {
    float[] scale = new float[spec.frameWidth()];
    int offset = 0;
    for (String feature : spec.imagined()) {
      int size =
          spec.observation().stream()
              .filter(f -> f.name().equals(feature))
              .findFirst()
              .orElseThrow()
              .size();
      System.arraycopy(observedStd, spec.offsetOf(feature), scale, offset, size);
      offset += size;
    }
    return scale;
  }
}
