package dev.forearm.launch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, a polite kill or a terminal that hangs up, as a question to ask: while one is open, the
 * process ends only after it was closed, so that the arm is let go and files are completed first;
 * or after ten seconds, if that hangs.
 */
public final class StopSignal implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean wanted;

  public StopSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::hold, "stop on signal"));
  }

  /** Whether somebody asked the process to end. Any thread. */
  public boolean wanted() {
    return wanted;
  }

  @Override
  public void close() {
    done.countDown();
  }

  private void hold() {
    wanted = true;
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.printf(
            "still ending after %s s; the process ends without that%n", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
