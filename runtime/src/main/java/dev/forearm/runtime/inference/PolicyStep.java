package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.signal.ObservationInputs;

/** What one policy step went by. The policy loop's own: valid until its next step. */
public interface PolicyStep {
  /** Of the chunk that it makes, if it makes one: {@link ActionChunk#sequence()}. */
  long sequence();

  /** On the runtime's clock. */
  long stampNanos();

  /** Whether the policy forgot the episode before it, and went over to other random numbers. */
  boolean fresh();

  /** Whether it is the first of another policy. */
  boolean swapped();

  /** As {@link InstalledPolicy#noiseSeed()}. */
  long noiseSeed();

  /** How long the policy took to plan; 0 where it did not. */
  long inferenceNanos();

  /** Who drives; who planned, unless {@link #overruled()}. */
  Driver driver();

  /** Whether somebody has taken the arm over, so that the chunk is not followed. */
  boolean overruled();

  /** Actions that the policy was told are executed whatever it plans. */
  int committed();

  /** Which signals the observation was made of. */
  ObservationInputs inputs();
}
