package dev.forearm.launch.swap;

import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.control.LoopBoard;
import dev.forearm.runtime.inference.InferenceStatistics;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Keeps an eye on the policy at work, over a window of policy steps. Time in which nobody drives
 * the arm does not count. One thread.
 */
final class ConductMeter {
  /**
   * @param sum since the restart
   * @param error mean over the steps just before; NaN where too few had one
   */
  private record Sample(Conduct sum, double error) {}

  private static final Sample BEGIN = new Sample(Conduct.NONE, Double.NaN);

  private final InferenceStatistics inference;
  private final LoopBoard control;
  private final int windowSteps;
  private final int shortSteps;
  private final Deque<Sample> window = new ArrayDeque<>(); // one a step at most, never empty
  private Conduct driven = Conduct.NONE; // since the restart
  private Conduct counted;
  private SafetyState state = SafetyState.IDLE;
  private long holds;

  /**
   * @param windowSteps of the whole window
   * @param shortSteps over which a foresight error is averaged
   */
  ConductMeter(InferenceStatistics inference, LoopBoard control, int windowSteps, int shortSteps) {
    this.inference = inference;
    this.control = control;
    this.windowSteps = windowSteps;
    this.shortSteps = shortSteps;
    counted = count();
    window.add(BEGIN);
  }

  /** Begins with another policy. */
  void restart() {
    counted = count();
    driven = Conduct.NONE;
    window.clear();
    window.add(BEGIN);
  }

  /** Takes note of what happened since the last call; at least once a policy step. */
  void look() {
    ControlSnapshot now = control.snapshot();
    if (now.state() == SafetyState.HOLD
        && state == SafetyState.RUN
        && (now.reason() == SafetyReason.CHUNK_STALE
            || now.reason() == SafetyReason.TARGET_NOT_FINITE)) {
      holds++;
    }
    state = now.state();
    Conduct before = counted;
    counted = count();
    if (!state.commands()) {
      return;
    }
    driven = driven.plus(counted.minus(before));
    if (driven.steps() > window.getLast().sum().steps()) {
      window.add(new Sample(driven, recentError()));
      while (driven.steps() - window.getFirst().sum().steps() > windowSteps) {
        window.removeFirst();
      }
    }
  }

  /** What happened within the window. */
  Conduct overWindow() {
    return driven.minus(window.getFirst().sum());
  }

  /** Mean foresight error over the last short while; NaN while there is too little to tell. */
  double error() {
    return window.getLast().error();
  }

  /** The greatest that {@link #error()} was within the window; NaN if it never was anything. */
  double worstError() {
    return window.stream()
        .mapToDouble(Sample::error)
        .filter(error -> !Double.isNaN(error))
        .max()
        .orElse(Double.NaN);
  }

  private double recentError() {
    Iterator<Sample> newestFirst = window.descendingIterator();
    while (newestFirst.hasNext()) {
      Conduct stretch = driven.minus(newestFirst.next().sum());
      if (stretch.steps() >= shortSteps) {
        return 2 * stretch.errors() >= shortSteps ? stretch.meanError() : Double.NaN;
      }
    }
    return Double.NaN;
  }

  private Conduct count() {
    return new Conduct(
        inference.steps(),
        inference.refusedPlans() + holds,
        control.edits(),
        inference.foresightErrors(),
        inference.foresightErrorSum());
  }
}
