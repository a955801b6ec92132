package dev.forearm.runtime.agent;

import dev.forearm.runtime.ffi.Futex;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Wakes one waiting thread. Ringing never waits, locks or allocates: the control thread may. */
public sealed interface Doorbell {
  /** Ends the current wait, or the next one. Any thread. */
  void ring();

  /**
   * Waits until rung, or for {@code nanos}; may return early. One thread.
   *
   * @return whether it was rung since the last wait
   */
  boolean await(long nanos);

  /** The best this system has. */
  static Doorbell best() {
    return Futex.available() ? new OnFutex(new Futex()) : new Parking();
  }

  /** Linux's futex. */
  record OnFutex(Futex futex) implements Doorbell {
    @Override
    public void ring() {
      futex.ring();
    }

    @Override
    public boolean await(long nanos) {
      return futex.await(nanos);
    }
  }

  /** What every system has; its ring takes a lock inside the virtual machine. */
  final class Parking implements Doorbell {
    private volatile @Nullable Thread waiting;
    private volatile boolean rung;

    private Parking() {}

    @Override
    public void ring() {
      rung = true;
      LockSupport.unpark(waiting);
    }

    @Override
    public boolean await(long nanos) {
      waiting = Thread.currentThread();
      if (!rung) {
        LockSupport.parkNanos(this, nanos);
      }
      boolean was = rung;
      rung = false;
      return was;
    }
  }
}
