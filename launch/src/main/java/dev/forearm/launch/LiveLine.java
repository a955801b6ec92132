package dev.forearm.launch;

import java.util.function.Supplier;

/**
 * One line that is written over itself five times a second, where a person watches, and cut where
 * the terminal ends.
 */
public final class LiveLine {
  private static final long PERIOD_NANOS = 200_000_000;
  private static final String CLEAR = "\r\u001b[2K";
  private static final String CUT = "\u001b[?7l"; // at the terminal's edge,
  private static final String WRAP = "\u001b[?7h"; // and not any more

  private final boolean shown;
  private long lastNanos;

  public LiveLine(boolean shown) {
    this.shown = shown;
  }

  /** Shows the text if it is time to. */
  public void update(Supplier<String> text) {
    if (shown && System.nanoTime() - lastNanos > PERIOD_NANOS) {
      show(text.get());
    }
  }

  /** Shows the text at once. */
  public void show(String text) {
    lastNanos = System.nanoTime();
    if (shown) {
      System.out.print(CLEAR + CUT + text + WRAP);
      System.out.flush();
    }
  }

  /** Prints a line that stays. */
  public void say(String line) {
    System.out.println((shown ? CLEAR : "") + line);
  }
}
