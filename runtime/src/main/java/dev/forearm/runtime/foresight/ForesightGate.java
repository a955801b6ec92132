package dev.forearm.runtime.foresight;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ForesightResponse;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges from two channels, the realised distance and the spread of plans, how far a chunk is to be
 * believed: neither over its limit in any feature, execute; one of them, shorten; both, hold. A
 * hold ends by itself after {@link ForesightResponse#holdSteps()}, because an arm that holds can no
 * longer bear out futures in which it moved; the gate then forgets them and lets the policy try
 * short chunks. Owned by the inference thread; never allocates.
 *
 * <p>In each step {@link #goesOn} comes first; where it says no, the policy plans, and {@link
 * #judge} follows.
 */
public final class ForesightGate implements ForesightReading {
  private final ForesightChannels channels;
  private final @Nullable ForesightResponse response; // null: measure only
  private final double[] realisedLimit;
  private final double[] spreadLimit;

  private double realised = Double.NaN;
  private double spread = Double.NaN;
  private ForesightVerdict verdict = ForesightVerdict.EXECUTE;
  private boolean planned = true;
  private boolean underWay; // the newest plan's chunk, whole
  private int skipped;
  private int heldSteps;

  /**
   * Makes a gate for one policy.
   *
   * @param scale the natural scale of each value of an imagined frame (its standard deviation in
   *     the training data), physical units, {@link PolicySpec#frameWidth()} positive values
   * @param limits empty: measure only, every chunk is executed
   * @param response empty: the same
   * @throws IllegalArgumentException if scale or limits are another policy's
   */
  public ForesightGate(
      PolicySpec spec,
      float[] scale,
      Optional<ForesightLimits> limits,
      Optional<ForesightResponse> response) {
    channels = new ForesightChannels(spec, scale);
    this.response = limits.isPresent() ? response.orElse(null) : null;
    double[] ones = new double[spec.imagined().size()];
    Arrays.fill(ones, 1);
    realisedLimit = limits.map(of -> ForesightLimits.inOrder(of.realised(), spec)).orElse(ones);
    spreadLimit = limits.map(of -> ForesightLimits.inOrder(of.spread(), spec)).orElse(ones);
  }

  /**
   * Whether the chunk under way may go on without a new plan: skipping is wanted and not at its
   * end, and what came about is what was imagined.
   */
  public boolean goesOn(Observation observation) {
    channels.observe(observation);
    realised = worst(channels.realised, realisedLimit);
    boolean goesOn =
        response != null && underWay && skipped < response.skipSteps() && realised <= 1;
    skipped = goesOn ? skipped + 1 : 0;
    planned = !goesOn;
    underWay = goesOn; // until the next plan is judged
    return goesOn;
  }

  /**
   * Judges the chunk of this step and remembers what it imagines.
   *
   * @param observation what came about, at {@link Observation#stampNanos()}
   * @param plan the new plan
   */
  public ForesightVerdict judge(Observation observation, Plan plan) {
    if (plan.imagines()) {
      channels.imagine(observation, plan.imagined());
      spread = worst(channels.spread, spreadLimit);
    }
    if (response != null) {
      decide(response);
    }
    underWay = plan.imagines() && verdict == ForesightVerdict.EXECUTE;
    return verdict;
  }

  @Override
  public ForesightVerdict verdict() {
    return verdict;
  }

  @Override
  public double error() {
    return channels.error;
  }

  @Override
  public double realised() {
    return realised;
  }

  @Override
  public double spread() {
    return spread;
  }

  @Override
  public boolean planned() {
    return planned;
  }

  /** No chunk is under way any more: one was refused. */
  public void interrupt() {
    underWay = false;
  }

  /** Steps of a shortened chunk. */
  public int shortenedSteps() {
    return response == null ? Integer.MAX_VALUE : response.shortenedSteps();
  }

  /** Forgets all imagined futures, for example because another episode starts. */
  public void forget() {
    channels.forget();
    realised = Double.NaN;
    spread = Double.NaN;
    verdict = ForesightVerdict.EXECUTE;
    underWay = false;
    skipped = 0;
    heldSteps = 0;
  }

  private void decide(ForesightResponse wanted) {
    if (verdict == ForesightVerdict.HOLD) {
      heldSteps++;
      if (heldSteps >= wanted.holdSteps()) {
        channels.forgetFutures();
        heldSteps = 0;
        verdict = ForesightVerdict.SHORTEN;
      }
      return;
    }
    if (Double.isNaN(realised) || Double.isNaN(spread)) {
      return; // nothing to compare yet: as before
    }
    boolean far = realised > 1;
    boolean torn = spread > 1;
    verdict =
        far && torn
            ? ForesightVerdict.HOLD
            : far || torn ? ForesightVerdict.SHORTEN : ForesightVerdict.EXECUTE;
  }

  /** The largest fraction of a limit; NaN if one is. */
  static double worst(double[] channel, double[] limit) {
    double worst = channel.length == 0 ? Double.NaN : 0;
    for (int feature = 0; feature < channel.length; feature++) {
      worst = Math.max(worst, channel[feature] / limit[feature]); // NaN stays
    }
    return worst;
  }
}
