package dev.forearm.launch.demo;

import java.util.function.Supplier;

/** One line that is written over itself five times a second, where a person watches. */
final class LiveLine {
  private static final long PERIOD_NANOS = 200_000_000;
  private static final String CLEAR = "\r\u001b[2K";

  private final boolean shown;
  private long lastNanos;

  LiveLine(boolean shown) {
    this.shown = shown;
  }

  /** Shows the text if it is time to. */
  void update(Supplier<String> text) {
    long now = System.nanoTime();
    if (shown && now - lastNanos > PERIOD_NANOS) {
      lastNanos = now;
      System.out.print(CLEAR + text.get());
      System.out.flush();
    }
  }

  /** Prints a line that stays. */
  void say(String line) {
    System.out.println((shown ? CLEAR : "") + line);
  }
}
