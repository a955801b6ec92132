package dev.forearm.runtime.signal;

/** A reader's own copy of a signal. Owned by one thread; reused from read to read. */
public final class SignalReading {
  final double[] values;
  long stampNanos;
  long receivedNanos;
  long sequence;

  public SignalReading(int width) {
    values = new double[width];
  }

  /** The values as of the last read; the reader's own array, overwritten by the next read. */
  public double[] values() {
    return values;
  }

  /** The publisher's stamp (ROS time), nanoseconds. */
  public long stampNanos() {
    return stampNanos;
  }

  /** Arrival on the runtime's clock, nanoseconds. */
  public long receivedNanos() {
    return receivedNanos;
  }

  /** Counts writes from 1; 0 means nothing was read yet. */
  public long sequence() {
    return sequence;
  }
}
