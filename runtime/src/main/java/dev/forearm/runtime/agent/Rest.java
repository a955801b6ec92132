package dev.forearm.runtime.agent;

/** How an agent's thread waits when there is nothing to do. */
public sealed interface Rest {
  /** Waits; the agent's thread. */
  void rest();

  /** Ends a wait, or the next one; any thread. */
  void wake();

  /** Until somebody rings. */
  static Rest untilRung(Doorbell bell) {
    return new ByTheBell(Long.MAX_VALUE, bell);
  }

  /** For a fixed time, which bounds what the turns cost. */
  static Rest forNanos(long nanos) {
    return new ByTheBell(nanos, Doorbell.best());
  }

  /**
   * Not at all: the agent waits inside its turns.
   *
   * @param wake ends such a wait; any thread
   */
  static Rest insideTheTurn(Runnable wake) {
    return new InsideTheTurn(wake);
  }

  /** See {@link #untilRung} and {@link #forNanos}. */
  record ByTheBell(long nanosMax, Doorbell bell) implements Rest {
    @Override
    public void rest() {
      boolean _ = bell.await(nanosMax);
    }

    @Override
    public void wake() {
      bell.ring();
    }
  }

  /** See {@link #insideTheTurn}. */
  record InsideTheTurn(Runnable ending) implements Rest {
    @Override
    public void rest() {}

    @Override
    public void wake() {
      ending.run();
    }
  }
}
