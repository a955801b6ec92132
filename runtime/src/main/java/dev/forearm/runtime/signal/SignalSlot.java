package dev.forearm.runtime.signal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The newest value of one signal, handed from one writer to any number of readers through a
 * seqlock: an odd version means a write is under way, and a reader whose version changed reads
 * again, a bounded number of times. Neither side allocates, locks or waits for the other.
 */
public final class SignalSlot {
  /** Enough for any write that runs; one takes some tens of nanoseconds. */
  private static final int TRIES = 100;

  private static final VarHandle VERSION;

  static {
    try {
      VERSION = MethodHandles.lookup().findVarHandle(SignalSlot.class, "version", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final double[] values;
  private long stampNanos;
  private long receivedNanos;

  @SuppressWarnings("unused") // through VERSION
  private long version;

  /**
   * @param name what the signal is called in messages to people
   * @param width number of values
   */
  public SignalSlot(String name, int width) {
    this.name = name;
    this.values = new double[width];
  }

  public String name() {
    return name;
  }

  /** Number of values. */
  public int width() {
    return values.length;
  }

  /**
   * Publishes a new value. Only the slot's one writer thread calls this.
   *
   * @param source holds at least {@link #width()} values from {@code offset} on
   * @param stampNanos the publisher's time stamp (ROS time), nanoseconds
   * @param receivedNanos when it arrived, on the runtime's clock
   */
  public void write(double[] source, int offset, long stampNanos, long receivedNanos) {
    long before = (long) VERSION.getOpaque(this);
    VERSION.setOpaque(this, before + 1);
    VarHandle.storeStoreFence();
    System.arraycopy(source, offset, values, 0, values.length);
    this.stampNanos = stampNanos;
    this.receivedNanos = receivedNanos;
    VERSION.setRelease(this, before + 2);
  }

  /**
   * Takes the newest value into {@code reading}. A reader that meets a write under way tries a few
   * times and then keeps what it has: a writer that was suspended in the middle of a write must not
   * hold up a reader that runs before all others.
   *
   * @return false if nothing was ever read; {@code reading} is then as it was
   */
  public boolean read(SignalReading reading) {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      long before = (long) VERSION.getAcquire(this);
      if (before == 0) {
        return false;
      }
      if ((before & 1) == 0) {
        double[] copy = reading.spare;
        System.arraycopy(values, 0, copy, 0, values.length);
        long stamp = stampNanos;
        long received = receivedNanos;
        VarHandle.loadLoadFence();
        if ((long) VERSION.getOpaque(this) == before) {
          reading.take(stamp, received, before >>> 1);
          return true;
        }
      }
      Thread.onSpinWait();
    }
    reading.contended++;
    return reading.sequence != 0;
  }
}
