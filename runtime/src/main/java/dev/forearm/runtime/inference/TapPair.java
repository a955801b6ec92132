package dev.forearm.runtime.inference;

import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.ObservationVerdict;
import dev.forearm.runtime.signal.SignalReading;

/** Two taps that see the same, one after the other; neither throws. */
record TapPair(RuntimeTap first, RuntimeTap second) implements RuntimeTap {
  @Override
  public void observed(Observation observation) {
    first.observed(observation);
    second.observed(observation);
  }

  @Override
  public void notObserved(ObservationVerdict verdict, long stampNanos) {
    first.notObserved(verdict, stampNanos);
    second.notObserved(verdict, stampNanos);
  }

  @Override
  public void planned(Observation observation, Plan plan) {
    first.planned(observation, plan);
    second.planned(observation, plan);
  }

  @Override
  public void gated(ForesightReading reading, long stampNanos) {
    first.gated(reading, stampNanos);
    second.gated(reading, stampNanos);
  }

  @Override
  public void published(ActionChunk chunk) {
    first.published(chunk);
    second.published(chunk);
  }

  @Override
  public void stepped(PolicyStep step) {
    first.stepped(step);
    second.stepped(step);
  }

  @Override
  public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
    first.safety(state, reason, stampNanos);
    second.safety(state, reason, stampNanos);
  }

  @Override
  public void commanded(double[] positions, SafetyState state, long stampNanos) {
    first.commanded(positions, state, stampNanos);
    second.commanded(positions, state, stampNanos);
  }

  @Override
  public void cycled(
      SignalReading jointState,
      long chunk,
      long takeover,
      int events,
      long elapsedNanos,
      long stampNanos) {
    first.cycled(jointState, chunk, takeover, events, elapsedNanos, stampNanos);
    second.cycled(jointState, chunk, takeover, events, elapsedNanos, stampNanos);
  }

  @Override
  public void failed(Throwable cause) {
    first.failed(cause);
    second.failed(cause);
  }
}
