package dev.forearm.launch;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C or a polite kill, as a question to ask: while one is open, the process ends only after it
 * was closed, so that the arm is let go and files are completed first.
 */
final class StopSignal implements AutoCloseable {
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean wanted;

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::hold, "stop on signal"));
  }

  /** Whether somebody asked the process to end. Any thread. */
  boolean wanted() {
    return wanted;
  }

  @Override
  public void close() {
    done.countDown();
  }

  private void hold() {
    wanted = true;
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
