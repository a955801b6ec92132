package dev.forearm.runtime.episode;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the disk on a thread of its own. Chunks go on to the operating system meanwhile, for a
 * disk may take longer than a kill may cost. Owned by whoever writes the file.
 */
final class DiskSync {
  /** Returns when everything written is on the disk. */
  interface Force {
    void force() throws IOException;
  }

  private final Force force;
  private @Nullable Thread thread;
  private volatile @Nullable IOException failure;

  DiskSync(Force force) {
    this.force = force;
  }

  /**
   * Begins to wait.
   *
   * @return false if the wait before is still under way
   * @throws IOException that the wait before ended with
   */
  boolean begin() throws IOException {
    Thread before = thread;
    if (before != null && before.isAlive()) {
      return false;
    }
    IOException failed = failure;
    if (failed != null) {
      throw failed;
    }
    thread = Thread.ofPlatform().daemon().name("disk").start(this::run);
    return true;
  }

  private void run() {
    try {
      force.force();
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Returns when no wait is under way, however it ended. */
  void await() {
    Thread last = thread;
    boolean interrupted = false;
    while (last != null && last.isAlive()) {
      try {
        last.join();
      } catch (InterruptedException e) {
        interrupted = true; // the file must not be closed under it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
