package dev.forearm.runtime.inference;

import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.ObservationVerdict;
import dev.forearm.runtime.signal.SignalReading;

/** Keeps what a tap throws from the loops that it looks at; the tap is told and left alone then. */
final class ContainedTap implements RuntimeTap {
  private final RuntimeTap tap;
  private volatile boolean failed; // by any of the threads that call

  ContainedTap(RuntimeTap tap) {
    this.tap = tap;
  }

  @Override
  public void observed(Observation observation) {
    if (!failed) {
      try {
        tap.observed(observation);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void notObserved(ObservationVerdict verdict, long stampNanos) {
    if (!failed) {
      try {
        tap.notObserved(verdict, stampNanos);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void planned(Observation observation, Plan plan) {
    if (!failed) {
      try {
        tap.planned(observation, plan);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void gated(ForesightReading reading, long stampNanos) {
    if (!failed) {
      try {
        tap.gated(reading, stampNanos);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void published(ActionChunk chunk) {
    if (!failed) {
      try {
        tap.published(chunk);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void stepped(PolicyStep step) {
    if (!failed) {
      try {
        tap.stepped(step);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
    if (!failed) {
      try {
        tap.safety(state, reason, stampNanos);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void commanded(double[] positions, SafetyState state, long stampNanos) {
    if (!failed) {
      try {
        tap.commanded(positions, state, stampNanos);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void cycled(
      SignalReading jointState,
      long chunk,
      long takeover,
      int events,
      long elapsedNanos,
      long stampNanos) {
    if (!failed) {
      try {
        tap.cycled(jointState, chunk, takeover, events, elapsedNanos, stampNanos);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  @Override
  public void failed(Throwable cause) {
    failed = true;
    try {
      tap.failed(cause);
    } catch (Throwable e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public RuntimeTap contained() {
    return this;
  }
}
