package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ForesightLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was imagined for now with what came about, and judges from it how far the next
 * chunk is to be believed. The judgement has hysteresis: it relaxes only below {@link
 * ForesightLimits#resumeBelow()}. A hold ends by itself after {@link ForesightLimits#holdSteps()},
 * because an arm that holds can no longer bear out futures in which it moved; the gate then forgets
 * them and lets the policy try short chunks. Owned by the inference thread; never allocates.
 */
public final class ForesightGate {
  private final int[] observedAt; // where each value of a frame stands in the observation
  private final float[] scale;
  private final int[] frameSteps;
  private final long stepNanos;
  private final @Nullable ForesightLimits limits;

  // The plans of the last horizon, oldest overwritten first.
  private final float[][] remembered;
  private final long[] rememberedNanos;
  private int newest = -1;
  private int count;

  private double error = Double.NaN;
  private ForesightVerdict verdict = ForesightVerdict.EXECUTE;
  private int heldSteps;

  /**
   * Makes a gate for one policy.
   *
   * @param scale the natural scale of each value of an imagined frame (its standard deviation in
   *     the training data), physical units, {@link PolicySpec#frameWidth()} positive values
   * @param limits empty: measure only, every chunk is executed
   */
  public ForesightGate(PolicySpec spec, float[] scale, Optional<ForesightLimits> limits) {
    if (scale.length != spec.frameWidth()) {
      throw new IllegalArgumentException(
          "foresight gate: found %s scales, wanted one for each of %s imagined values"
              .formatted(scale.length, spec.frameWidth()));
    }
    this.scale = scale.clone();
    this.limits = limits.orElse(null);
    observedAt = spec.placesOf(spec.imagined());
    frameSteps = spec.frameSteps().stream().mapToInt(Integer::intValue).toArray();
    stepNanos = spec.periodNanos();
    int horizon = frameSteps.length == 0 ? 0 : frameSteps[frameSteps.length - 1];
    remembered = new float[horizon + 1][frameSteps.length * scale.length];
    rememberedNanos = new long[horizon + 1];
  }

  /**
   * Judges the chunk of this step and remembers what it imagines.
   *
   * @param observation what came about, at {@link Observation#stampNanos()}
   * @param plan the new plan
   */
  public ForesightVerdict judge(Observation observation, Plan plan) {
    error = compare(observation);
    if (limits != null) {
      decide(limits);
    }
    if (plan.imagines()) {
      remember(observation.stampNanos(), plan.imagined());
    }
    return verdict;
  }

  /**
   * Root mean square difference between the newest frame imagined for now and the observation, in
   * feature scales; NaN while there is nothing to compare.
   */
  public double error() {
    return error;
  }

  /** Steps of a shortened chunk. */
  int shortenedSteps() {
    return limits == null ? Integer.MAX_VALUE : limits.shortenedSteps();
  }

  /** Forgets all imagined futures, for example because another episode starts. */
  public void forget() {
    count = 0;
    error = Double.NaN;
    verdict = ForesightVerdict.EXECUTE;
    heldSteps = 0;
  }

  private void decide(ForesightLimits limit) {
    if (verdict == ForesightVerdict.HOLD) {
      heldSteps++;
      if (heldSteps >= limit.holdSteps()) {
        count = 0;
        heldSteps = 0;
        verdict = ForesightVerdict.SHORTEN;
      }
      return;
    }
    if (Double.isNaN(error)) {
      return; // nothing to compare yet: as before
    }
    if (error > limit.holdAbove()) {
      verdict = ForesightVerdict.HOLD;
    } else if (error > limit.shortenAbove()) {
      verdict = ForesightVerdict.SHORTEN;
    } else if (error < limit.resumeBelow()) {
      verdict = ForesightVerdict.EXECUTE;
    }
  }

  private double compare(Observation observation) {
    long now = observation.stampNanos();
    for (int age = 0; age < count; age++) { // newest plan first: the shortest foresight
      int slot = Math.floorMod(newest - age, remembered.length);
      for (int frame = 0; frame < frameSteps.length; frame++) {
        long due = rememberedNanos[slot] + frameSteps[frame] * stepNanos;
        if (2 * Math.abs(now - due) <= stepNanos) {
          return distance(remembered[slot], frame * scale.length, observation.values());
        }
      }
    }
    return Double.NaN;
  }

  private double distance(float[] imagined, int offset, float[] observed) {
    double sum = 0;
    for (int i = 0; i < scale.length; i++) {
      double difference = (imagined[offset + i] - observed[observedAt[i]]) / scale[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum / scale.length);
  }

  private void remember(long nanos, float[] imagined) {
    newest = (newest + 1) % remembered.length;
    System.arraycopy(imagined, 0, remembered[newest], 0, imagined.length);
    rememberedNanos[newest] = nanos;
    count = Math.min(count + 1, remembered.length);
  }
}
