package dev.forearm.launch.replay;

import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.ObservationVerdict;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keeps what the replayed loops did in their latest turn. */
final class LoopWatch implements RuntimeTap {
  @Nullable Observation observed;
  String incomplete = "";
  float @Nullable [] foresight; // as episodes have it
  @Nullable String chunk; // "step", or why it was refused
  double[] actions = {};
  long originNanos;
  double @Nullable [] command;
  @Nullable String safety;
  @Nullable Throwable failure;

  void forgetStep() {
    observed = null;
    foresight = null;
    chunk = null;
  }

  void forgetCycle() {
    command = null;
    safety = null;
  }

  @Override
  public void observed(Observation observation) {
    observed = observation;
  }

  @Override
  public void notObserved(ObservationVerdict verdict, long stampNanos) {
    incomplete = verdict.toString();
  }

  @Override
  @SuppressWarnings("EnumOrdinal") // as the episode's foresight message has it
  public void gated(ForesightReading reading, long stampNanos) {
    foresight =
        new float[] {
          reading.verdict().ordinal(),
          (float) reading.error(),
          (float) reading.realised(),
          (float) reading.spread(),
          reading.planned() ? 1 : 0
        };
  }

  @Override
  public void published(ActionChunk published) {
    chunk = published.refused() ? published.refusal().name() : "step";
    actions = Arrays.copyOf(published.actions(), published.steps() * published.joints());
    originNanos = published.originNanos();
  }

  @Override
  public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
    safety = state.name() + " " + reason.name();
  }

  @Override
  public void commanded(double[] positions, SafetyState state, long stampNanos) {
    command = positions.clone();
  }

  @Override
  public void failed(Throwable cause) {
    failure = cause;
  }
}
