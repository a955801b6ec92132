package dev.forearm.runtime.episode;

import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recorder's thread: drains, rests, drains again until closed. Owns nothing else. Resting
 * bounds what one wake-up costs; a ring holds what comes meanwhile.
 */
public final class RecorderThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecorderThread.class);
  private static final long REST_NANOS = 4_000_000;

  private final EpisodeRecorder recorder;
  private final Thread thread;
  private volatile boolean closed;

  /** Starts draining {@code recorder}. */
  public RecorderThread(EpisodeRecorder recorder) {
    this.recorder = recorder;
    this.thread = new Thread(this::run, "recorder");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        recorder.drain();
        LockSupport.parkNanos(REST_NANOS);
      }
    } catch (RuntimeException e) {
      LOG.error("the recorder thread ended", e);
      recorder.fail(e);
    }
  }

  /** Ends the thread and waits for it. The recorder itself stays as it is. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
