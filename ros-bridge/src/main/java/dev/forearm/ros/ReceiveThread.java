package dev.forearm.ros;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a transport that waits for messages and calls handlers. */
public final class ReceiveThread {
  private static final Logger log = LoggerFactory.getLogger(ReceiveThread.class);

  private final WaitSet<?> waitSet;
  private final Thread thread = new Thread(this::run, "ros-receive");
  private volatile boolean stopping;

  /** Starts receiving. */
  public ReceiveThread(WaitSet<?> waitSet) {
    this.waitSet = waitSet;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!stopping) {
        doWork();
      }
    } catch (RosFault e) {
      if (!stopping) {
        log.error("receiving ended, no topic of this transport is heard any more", e);
      }
    }
  }

  private void doWork() {
    int ready = waitSet.await();
    for (int i = 0; i < ready && !stopping; i++) {
      waitSet.take(i);
    }
  }

  /** Returns once no handler runs any more. */
  public void stop() {
    stopping = true;
    waitSet.wakeUp();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
