package dev.forearm.runtime.inference;

import dev.forearm.runtime.agent.NanosHistogram;

/** What the inference thread measures of itself. Written by that thread, read by any. */
public final class InferenceStatistics {
  private final NanosHistogram inference = new NanosHistogram();
  private volatile long refusals;
  private volatile long offClock;
  private volatile double foresightError = Double.NaN;

  /** How long the policy took to plan. */
  public NanosHistogram inference() {
    return inference;
  }

  /** Chunks refused so far. */
  public long refusals() {
    return refusals;
  }

  /** The latest foresight error in feature scales; NaN while there is none. */
  public double foresightError() {
    return foresightError;
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

  void refused() {
    long next = refusals + 1; // single writer
    refusals = next;
  }

  void foresightError(double error) {
    foresightError = error;
  }
}
