package dev.forearm.runtime.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.ArmRig;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.safety.LimitJudge;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import org.jspecify.annotations.Nullable;

/** Judges every command that a rig sends; commands that start over at rest are judged as such. */
final class LimitTap implements RuntimeTap {
  long commands;
  private @Nullable LimitJudge judge;
  private boolean sending;
  private @Nullable AssertionError violation;
  private SafetyState state = SafetyState.IDLE;
  private SafetyReason reason = SafetyReason.NOT_ENGAGED;

  void watch(ArmRig rig) {
    judge = new LimitJudge(rig.robot, rig.arm);
  }

  @Override
  public void safety(SafetyState next, SafetyReason why, long stampNanos) {
    boolean startsOver = next == SafetyState.HOLD && why == SafetyReason.CHUNK_AWAITED;
    if ((startsOver && reason != SafetyReason.CHUNK_AWAITED) || !next.commands()) {
      sending = false;
    }
    state = next;
    reason = why;
  }

  @Override
  public void commanded(double[] positions, SafetyState inState, long stampNanos) {
    LimitJudge judged = judge;
    if (judged == null) {
      return;
    }
    if (!sending) {
      judged.restart(positions);
      sending = true;
    }
    try {
      judged.check(positions, commands++);
    } catch (AssertionError e) { // would be the loop's fault, and handled as one
      violation = violation == null ? e : violation;
    }
  }

  /** Fails if a command broke a limit. */
  void requireKept() {
    if (violation != null) {
      throw violation;
    }
    assertTrue(commands > 0, "nothing was judged");
  }

  SafetyState state() {
    return state;
  }
}
