package dev.forearm.runtime.agent;

import dev.forearm.runtime.ffi.LinuxScheduling;
import java.util.concurrent.locks.LockSupport;

/** Sleeps until an absolute time of {@link System#nanoTime()}; one per thread, never allocates. */
sealed interface Sleeper {
  void until(long nanos);

  /** The best this system has. */
  static Sleeper best() {
    return LinuxScheduling.available() ? new OnDeadline(new LinuxScheduling()) : new Parking();
  }

  /** clock_nanosleep with an absolute deadline. */
  record OnDeadline(LinuxScheduling linux) implements Sleeper {
    @Override
    public void until(long nanos) {
      linux.sleepUntil(nanos);
    }
  }

  /** What every system has. */
  record Parking() implements Sleeper {
    @Override
    public void until(long nanos) {
      long left;
      while ((left = nanos - System.nanoTime()) > 0 && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(left);
      }
    }
  }
}
