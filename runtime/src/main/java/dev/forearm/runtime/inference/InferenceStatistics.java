package dev.forearm.runtime.inference;

import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.foresight.ForesightVerdict;

/** What the inference thread measures of itself. Written by that thread, read by any. */
public final class InferenceStatistics {
  private final NanosHistogram inference = new NanosHistogram();
  private volatile long steps;
  private volatile long refusals;
  private volatile long refusedPlans;
  private volatile long offClock;
  private volatile double foresightError = Double.NaN;
  private volatile long foresightErrors;
  private volatile double foresightErrorSum;
  private volatile double realised = Double.NaN;
  private volatile double spread = Double.NaN;
  private volatile ForesightVerdict verdict = ForesightVerdict.EXECUTE;
  private volatile long skipped;

  /** How long the policy took to plan. */
  public NanosHistogram inference() {
    return inference;
  }

  /** Policy steps so far. */
  public long steps() {
    return steps;
  }

  /** Chunks refused so far. */
  public long refusals() {
    return refusals;
  }

  /** Of {@link #refusals()}, those for what the policy planned, not for what it observed. */
  public long refusedPlans() {
    return refusedPlans;
  }

  /** The latest foresight error in feature scales; NaN while there is none. */
  public double foresightError() {
    return foresightError;
  }

  /** Steps so far that had a foresight error. */
  public long foresightErrors() {
    return foresightErrors;
  }

  /** Sum of all foresight errors so far, in feature scales. */
  public double foresightErrorSum() {
    return foresightErrorSum;
  }

  /** As {@link ForesightReading#realised()}. */
  public double realised() {
    return realised;
  }

  /** As {@link ForesightReading#spread()}. */
  public double spread() {
    return spread;
  }

  /** What was made of the latest chunk. */
  public ForesightVerdict verdict() {
    return verdict;
  }

  /** Steps that went on without a new plan so far. */
  public long skipped() {
    return skipped;
  }

  /**
   * Observations of the policy at work that count from when a signal came, since its stamp is not
   * of the runtime's clock.
   */
  public long offClock() {
    return offClock;
  }

  void offClock(long observations) {
    offClock = observations;
  }

  void inferenceTook(long nanos) {
    inference.record(nanos);
  }

  void stepped() {
    long next = steps + 1; // single writer, as all below
    steps = next;
  }

  void refused(boolean plan) {
    long next = refusals + 1;
    refusals = next;
    long nextPlans = refusedPlans + (plan ? 1 : 0);
    refusedPlans = nextPlans;
  }

  void foresight(ForesightReading reading) {
    double error = reading.error();
    foresightError = error;
    if (!Double.isNaN(error)) {
      double sum = foresightErrorSum + error;
      foresightErrorSum = sum;
      long errors = foresightErrors + 1;
      foresightErrors = errors;
    }
    realised = reading.realised();
    spread = reading.spread();
    verdict = reading.verdict();
    long next = skipped + (reading.planned() ? 0 : 1);
    skipped = next;
  }
}
