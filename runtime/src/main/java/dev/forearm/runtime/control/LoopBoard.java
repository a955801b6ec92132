package dev.forearm.runtime.control;

import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.safety.SafetyFilter;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.safety.Supervisor;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the control thread shows what it is doing, once per cycle and without waiting; any thread
 * may take a {@link #snapshot}.
 *
 * <pre>
 *   0 state | 1 reason | 2 chunk sequence | 3 fenced | 4.. command | 4+n.. velocity | 4+2n.. measured
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // ordinals never leave the process
public final class LoopBoard {
  private static final SafetyState[] STATES = SafetyState.values();
  private static final SafetyReason[] REASONS = SafetyReason.values();
  private static final int HEADER = 4;

  private final int joints;
  private final SignalSlot slot;
  private final double[] values;
  private volatile String culprit = "";
  private volatile @Nullable Throwable failure;
  private volatile long edits;
  private long cycles;

  LoopBoard(int joints) {
    this.joints = joints;
    slot = new SignalSlot("control loop", HEADER + 3 * joints);
    values = new double[slot.width()];
  }

  /** The state as of the last cycle; allocates, for display threads. */
  public ControlSnapshot snapshot() {
    SignalReading reading = new SignalReading(slot.width());
    slot.read(reading);
    double[] v = reading.values();
    return new ControlSnapshot(
        reading.receivedNanos(),
        reading.stampNanos(),
        STATES[(int) v[0]],
        REASONS[(int) v[1]],
        culprit,
        (long) v[2],
        v[3] != 0,
        slice(v, 0),
        slice(v, 1),
        slice(v, 2));
  }

  /** What made the loop fail first since it was last engaged, if anything did. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Cycles so far in which the safety filter sent another command than the chunk's. */
  public long edits() {
    return edits;
  }

  void edited() {
    long next = edits + 1; // single writer
    edits = next;
  }

  void show(
      long now,
      Supervisor supervisor,
      double[] command,
      SafetyFilter filter,
      SignalReading jointState,
      @Nullable ActionChunk chunk,
      String blamed) {
    cycles++;
    values[2] = chunk == null ? 0 : chunk.sequence();
    values[3] = filter.fenced() ? 1 : 0;
    System.arraycopy(command, 0, values, HEADER, joints);
    System.arraycopy(filter.velocity(), 0, values, HEADER + joints, joints);
    System.arraycopy(jointState.values(), 0, values, HEADER + 2 * joints, joints);
    show(now, supervisor);
    if (!blamed.equals(culprit)) {
      culprit = blamed;
    }
  }

  void failed(Throwable e, Supervisor supervisor, long now) {
    if (failure == null) {
      failure = e;
    }
    show(now, supervisor);
  }

  /** A failure is over: somebody engaged again. */
  void started() {
    failure = null;
  }

  private void show(long now, Supervisor supervisor) {
    values[0] = supervisor.state().ordinal();
    values[1] = supervisor.reason().ordinal();
    slot.write(values, 0, cycles, now);
  }

  private double[] slice(double[] v, int part) {
    return Arrays.copyOfRange(v, HEADER + part * joints, HEADER + (part + 1) * joints);
  }
}
