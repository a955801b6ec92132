package dev.forearm.launch;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Ctrl-C, a polite kill or a terminal that hangs up, as a question to ask: while one is open, they
 * end nothing by themselves, so that the arm is let go and files are completed first. The exit code
 * is then the command's own; but if it is still open after ten seconds, the process ends anyway.
 */
public final class StopSignal implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final CountDownLatch done = new CountDownLatch(1);
  private final List<SignalListener> listeners;
  private volatile boolean wanted;

  public StopSignal() {
    listeners =
        Stream.of("INT", "TERM", "HUP")
            .map(name -> SignalListener.listen(name, this::hear))
            .flatMap(Optional::stream)
            .toList();
  }

  /** Whether somebody asked the process to end. Any thread. */
  public boolean wanted() {
    return wanted;
  }

  @Override
  public void close() {
    listeners.forEach(SignalListener::close);
    done.countDown();
  }

  private void hear() {
    wanted = true;
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.printf(
            "still ending after %s s; the process ends without that%n", PATIENCE_SECONDS);
        System.exit(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
