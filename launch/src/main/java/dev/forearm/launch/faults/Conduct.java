package dev.forearm.launch.faults;

import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges how the runtime goes from state to state: only by the ways that docs/safety.md draws, with
 * a reason where it does not run, out of a fault only after a reset, and commands only in states
 * that command. One thread's.
 */
final class Conduct implements RuntimeTap {
  private final List<String> timeline = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private SafetyState state = SafetyState.IDLE;
  private SafetyReason reason = SafetyReason.NOT_ENGAGED;
  private boolean resetAsked;

  /** Somebody resets the arm. */
  void reset() {
    resetAsked = true;
  }

  @Override
  public void safety(SafetyState next, SafetyReason why, long nanos) {
    timeline.add(String.format(Locale.ROOT, "%.4f s  %s: %s", nanos * 1e-9, next, why.meaning()));
    if (next != state && !mayFollow(next)) {
      wrong(nanos, "%s after %s".formatted(next, state));
    }
    if ((next == SafetyState.RUN) != (why == SafetyReason.NONE)) {
      wrong(nanos, "%s for the reason %s".formatted(next, why));
    }
    if (state == SafetyState.FAULT) {
      resetAsked = false;
    }
    state = next;
    reason = why;
  }

  @Override
  public void commanded(double[] positions, SafetyState during, long nanos) {
    if (!during.commands()) {
      wrong(nanos, "a command in " + during);
    }
  }

  void wrong(long nanos, String what) {
    wrong.add(String.format(Locale.ROOT, "%.4f s: %s", nanos * 1e-9, what));
  }

  SafetyState state() {
    return state;
  }

  SafetyReason reason() {
    return reason;
  }

  /** What must not have been. */
  List<String> wrong() {
    return wrong;
  }

  /** Every change. */
  List<String> timeline() {
    return timeline;
  }

  private boolean mayFollow(SafetyState next) {
    return switch (state) {
      case IDLE -> next == SafetyState.HOLD || next == SafetyState.FAULT;
      // A fault at rest is over its ramp within the cycle.
      case HOLD ->
          next == SafetyState.RUN || next == SafetyState.RAMP_DOWN || next == SafetyState.FAULT;
      case RUN ->
          next == SafetyState.HOLD || next == SafetyState.RAMP_DOWN || next == SafetyState.FAULT;
      case RAMP_DOWN ->
          next == SafetyState.IDLE || next == SafetyState.STOPPED || next == SafetyState.FAULT;
      case STOPPED ->
          next == SafetyState.IDLE || next == SafetyState.HOLD || next == SafetyState.FAULT;
      case FAULT -> next == SafetyState.IDLE && resetAsked;
    };
  }
}
