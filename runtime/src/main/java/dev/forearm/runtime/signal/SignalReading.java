package dev.forearm.runtime.signal;

/** A reader's own copy of a signal. Owned by one thread; reused from read to read. */
public final class SignalReading {
  double[] values;
  double[] spare; // a read fills this one, and they change places if nothing was torn
  long stampNanos;
  long receivedNanos;
  long sequence;
  long contended;

  public SignalReading(int width) {
    values = new double[width];
    spare = new double[width];
  }

  void take(long stampNanos, long receivedNanos, long sequence) {
    double[] taken = spare;
    spare = values;
    values = taken;
    this.stampNanos = stampNanos;
    this.receivedNanos = receivedNanos;
    this.sequence = sequence;
  }

  /** The values as of the last read; the reader's own, and valid until its next read. */
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

  /** Reads that met a write under way too often and left this reading as it was. */
  public long contended() {
    return contended;
  }
}
