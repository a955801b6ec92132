package dev.forearm.runtime.clock;

/** A source of monotonic time. Implementations are safe to read from any thread. */
public interface Clock {
  /** Nanoseconds since an arbitrary origin; never decreases. */
  long nanos();
}
