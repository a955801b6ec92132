package dev.forearm.runtime.foresight;

/** What the gate found at one policy step. The gate's own: valid until its next step. */
public interface ForesightReading {
  /** What is made of the chunk. */
  ForesightVerdict verdict();

  /**
   * Root mean square difference between the newest frame imagined for now and the observation over
   * all features, in feature scales; NaN while there is nothing to compare.
   */
  double error();

  /**
   * The same of the worst feature, as a fraction of its limit; in feature scales where there are no
   * limits. NaN while there is nothing to compare.
   */
  double realised();

  /**
   * How much the newest plan and one a frame's time older disagree about the worst feature at the
   * same instants, as a fraction of its limit; in feature scales where there are no limits. NaN
   * while there are not two such plans.
   */
  double spread();

  /** Whether this step planned: false where the chunk under way goes on. */
  boolean planned();
}
