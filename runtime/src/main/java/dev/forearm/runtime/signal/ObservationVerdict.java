package dev.forearm.runtime.signal;

/**
 * Whether an observation could be assembled. One instance lives in each assembler and is
 * overwritten by the next assembly; it belongs to the inference thread.
 */
public final class ObservationVerdict {
  /** What was found. */
  public enum Kind {
    READY,
    MISSING,
    STALE,
    NOT_FINITE
  }

  private Kind kind = Kind.MISSING;
  private String signal = "everything";
  private long ageNanos;

  public Kind kind() {
    return kind;
  }

  public boolean ready() {
    return kind == Kind.READY;
  }

  /** The signal at fault; meaningless when ready. */
  public String signal() {
    return signal;
  }

  /** How old a stale signal is; of the oldest signal when ready. */
  public long ageNanos() {
    return ageNanos;
  }

  void set(Kind kind, String signal, long ageNanos) {
    this.kind = kind;
    this.signal = signal;
    this.ageNanos = ageNanos;
  }

  /** For people; allocates. */
  @Override
  public String toString() {
    return switch (kind) {
      case READY -> "ready";
      case MISSING -> "missing " + signal;
      case STALE -> "stale %s %s ms".formatted(signal, ageNanos / 1_000_000);
      case NOT_FINITE -> "not a number in " + signal;
    };
  }
}
