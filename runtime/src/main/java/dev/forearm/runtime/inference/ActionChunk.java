package dev.forearm.runtime.inference;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.safety.SafetyReason;

/**
 * A chunk of actions on its way from the inference to the control thread. A chunk that was refused
 * has no steps and says why. Owned by one thread at a time; {@link
 * dev.forearm.runtime.signal.Latest} passes it on.
 */
public final class ActionChunk {
  private final double[] actions;
  private final double[] actionsBefore; // of the chunk that this one may be blended with
  private final int joints;
  private final long stepNanos;
  private int steps;
  private long observedNanos;
  private long originNanos;
  private long sequence;
  private int stepsBefore;
  private long originBeforeNanos;
  private long sequenceBefore;
  private SafetyReason refusal = SafetyReason.CHUNK_AWAITED;
  private String culprit = "";

  public ActionChunk(PolicySpec spec) {
    joints = spec.joints().size();
    stepNanos = spec.periodNanos();
    actions = new double[spec.chunkSteps() * joints];
    actionsBefore = new double[actions.length];
  }

  /** Absolute joint positions [step][joint], row-major, rad or m, in command order. */
  public double[] actions() {
    return actions;
  }

  public int joints() {
    return joints;
  }

  /** Steps that may be executed: fewer than planned if shortened, none if refused. */
  public int steps() {
    return steps;
  }

  /** When action {@code step} is to be reached, on the runtime's clock. */
  public long dueNanos(int step) {
    return originNanos + (step + 1) * stepNanos;
  }

  /**
   * Where it wants a joint at a time, rad or m: on the line between two actions, at its end on the
   * last, before its first on the first. Not of a refused one.
   */
  double at(long nanos, int joint) {
    double due = Math.clamp((double) (nanos - originNanos) / stepNanos - 1, 0, steps - 1);
    int before = (int) due;
    int after = Math.min(before + 1, steps - 1);
    double from = actions[before * joints + joint];
    return from + (due - before) * (actions[after * joints + joint] - from);
  }

  /** Time between two actions. */
  public long stepNanos() {
    return stepNanos;
  }

  /** When the observation behind this chunk was assembled, on the runtime's clock. */
  public long observedNanos() {
    return observedNanos;
  }

  /** From when its actions count, on the runtime's clock: {@link Observation#originNanos()}. */
  public long originNanos() {
    return originNanos;
  }

  /** Counts the chunks of one policy loop from 1. */
  public long sequence() {
    return sequence;
  }

  /**
   * Whether it may be blended with that chunk, the one accepted before it, whose actions it then
   * carries: not if what was imagined then did not come about.
   */
  public boolean continues(long other) {
    return stepsBefore > 0 && sequenceBefore == other;
  }

  /** Actions of the chunk that it {@link #continues}, as {@link #actions}. */
  public double[] actionsBefore() {
    return actionsBefore;
  }

  /** Steps of the chunk that it {@link #continues}; 0 if there is none. */
  public int stepsBefore() {
    return stepsBefore;
  }

  /** From when actions of the chunk that it {@link #continues} count. */
  public long originBeforeNanos() {
    return originBeforeNanos;
  }

  public boolean refused() {
    return steps == 0;
  }

  /** Why the chunk was refused; NONE if it was not. */
  public SafetyReason refusal() {
    return refusal;
  }

  /** The signal or joint behind a refusal; empty if it was not refused or nobody is to blame. */
  public String culprit() {
    return culprit;
  }

  void accept(double[] planned, int steps, long observedNanos, long originNanos, long sequence) {
    System.arraycopy(planned, 0, actions, 0, actions.length);
    this.originNanos = originNanos;
    set(steps, observedNanos, sequence, SafetyReason.NONE, "");
    stepsBefore = 0;
  }

  /** Becomes a copy of an accepted one, made for the same specification. */
  public void copy(ActionChunk other) {
    accept(other.actions, other.steps, other.observedNanos, other.originNanos, other.sequence);
  }

  /** Lets an accepted chunk be blended with the one before. */
  void continueFrom(ActionChunk before) {
    System.arraycopy(before.actions, 0, actionsBefore, 0, actions.length);
    stepsBefore = before.steps;
    originBeforeNanos = before.originNanos;
    sequenceBefore = before.sequence;
  }

  void refuse(SafetyReason why, String culprit, long observedNanos, long sequence) {
    set(0, observedNanos, sequence, why, culprit);
  }

  private void set(
      int steps, long observedNanos, long sequence, SafetyReason refusal, String culprit) {
    this.steps = steps;
    this.observedNanos = observedNanos;
    this.sequence = sequence;
    this.refusal = refusal;
    this.culprit = culprit;
  }
}
