package dev.forearm.runtime.inference;

import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.ObservationVerdict;
import dev.forearm.runtime.signal.SignalReading;

/**
 * Looks on while the runtime works: the seam for recording. Each call comes on the thread that owns
 * the thing shown, which is valid only during the call. An implementation must not block or
 * allocate; one that throws is not called again if it is {@link #contained}. Stamps are nanoseconds
 * on the runtime's clock.
 */
public interface RuntimeTap {
  /** A tap that looks away. */
  RuntimeTap NONE = new RuntimeTap() {};

  /** Inference thread: an observation was complete. */
  default void observed(Observation observation) {}

  /** Inference thread: no observation could be assembled. */
  default void notObserved(ObservationVerdict verdict, long stampNanos) {}

  /** Inference thread: the policy planned (and, if {@link Plan#imagines()}, imagined). */
  default void planned(Observation observation, Plan plan) {}

  /** Inference thread: the gate judged the plan, or let the chunk under way go on. */
  default void gated(ForesightReading reading, long stampNanos) {}

  /** Inference thread: a chunk, good or refused, is about to be published. */
  default void published(ActionChunk chunk) {}

  /** Inference thread: a step is over, but for the publication of its chunk. */
  default void stepped(PolicyStep step) {}

  /** Control thread: the safety state or its reason changed. */
  default void safety(SafetyState state, SafetyReason reason, long stampNanos) {}

  /**
   * Control thread: a command was sent.
   *
   * @param positions in command order, rad or m
   */
  default void commanded(double[] positions, SafetyState state, long stampNanos) {}

  /**
   * Control thread: a cycle is over. Together with the signals and the chunks, what it is told here
   * is all that the cycle went by.
   *
   * @param jointState as the cycle read it
   * @param chunk sequence of the newest chunk that it knew, 0 if there was none
   * @param takeover number of the newest value of the signal {@code takeover}; 0: none
   * @param events of {@link CycleEvent}
   * @param elapsedNanos since the cycle before
   */
  default void cycled(
      SignalReading jointState,
      long chunk,
      long takeover,
      int events,
      long elapsedNanos,
      long stampNanos) {}

  /** The thread that it failed on: this tap threw, and is not called again. Must not block. */
  default void failed(Throwable cause) {}

  /** A tap that shows everything to this one until it throws, and never throws itself. */
  default RuntimeTap contained() {
    return new ContainedTap(this);
  }

  /** A tap that shows everything to this one and then to another, each contained. */
  default RuntimeTap andThen(RuntimeTap next) {
    return new TapPair(contained(), next.contained());
  }
}
