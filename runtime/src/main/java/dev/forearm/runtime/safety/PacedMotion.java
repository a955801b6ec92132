package dev.forearm.runtime.safety;

/**
 * The filter's motion at the pace of real time. The filter moves by whole nominal cycles; control
 * cycles start when they are woken. What is sent is the point that real time has reached on the
 * filter's path, but never more than one nominal cycle further than what was sent before:
 *
 * <pre>
 *   filter:  p0 ------------ p1 ------------ p2        one nominal cycle apart
 *   sent:    s0 ----------------- s1 ------ s2         min(time since the last one, a cycle) apart
 * </pre>
 *
 * So the limits hold from message to message and per elapsed time, late cycles included; after a
 * stall the motion goes on where it was. On a steady clock what is sent is the filter's path at the
 * end of each cycle. Control thread; never allocates.
 */
public final class PacedMotion {
  private final SafetyFilter filter;
  private final long periodNanos;
  private final double[] position;
  private double done = 1; // share of the filter's newest cycle that was sent
  private double advanced; // by the last advance, while that was not sent
  private long cycles; // of the filter, as far as they are counted in what is done

  /**
   * @param filter moved by the caller, one cycle whenever {@link #advance} says so
   * @param periodNanos of a nominal cycle
   */
  public PacedMotion(SafetyFilter filter, long periodNanos) {
    this.filter = filter;
    this.periodNanos = periodNanos;
    position = new double[filter.position().length];
  }

  /** Starts over at rest, as {@link SafetyFilter#restart}. */
  public void restart(double[] measured) {
    filter.restart(measured);
    System.arraycopy(filter.position(), 0, position, 0, position.length);
    done = 1;
    advanced = 0;
    cycles = filter.cycles();
  }

  /**
   * Lets time pass.
   *
   * @param elapsedNanos since the last message, or since the restart
   * @return whether the filter's newest cycle was used up: the caller has the filter follow or
   *     brake, once, before it asks for {@link #position()}
   */
  public boolean advance(long elapsedNanos) {
    advanced = (double) Math.clamp(elapsedNanos, 0, periodNanos) / periodNanos;
    done += advanced;
    return done > 1;
  }

  /** Positions to send, rad or m, in command order; its own array. */
  public double[] position() {
    countCycles();
    filter.at(Math.min(done, 1), position);
    return position;
  }

  /** The position was sent. */
  public void sent() {
    advanced = 0;
  }

  /** Something failed in this cycle: unless the position was sent, time has not passed for it. */
  public void failed() {
    countCycles();
    done -= advanced;
    advanced = 0;
  }

  /** Whether what was sent has come to rest. */
  public boolean atRest() {
    if (!filter.atRest()) {
      return false;
    }
    double[] to = filter.position();
    for (int j = 0; j < position.length; j++) {
      if (position[j] != to[j]) {
        return false;
      }
    }
    return true;
  }

  private void countCycles() {
    done -= filter.cycles() - cycles;
    cycles = filter.cycles();
  }
}
