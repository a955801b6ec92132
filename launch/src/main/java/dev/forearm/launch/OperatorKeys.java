package dev.forearm.launch;

import dev.forearm.runtime.control.ControlLoop;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a person types while an arm runs, each with Enter after it: {@code s} stops, {@code r}
 * resets a fault, {@code e} engages, {@code p} gives an arm that somebody took over back to its
 * policy. Asked now and then by the thread that waits; never blocks.
 */
final class OperatorKeys {
  static final String HELP =
      "keys, with Enter: s stop, r reset after a fault, e engage, p back to the policy";

  private final InputStream typed;
  private final ControlLoop control;

  OperatorKeys(InputStream typed, ControlLoop control) {
    this.typed = typed;
    this.control = control;
  }

  /** Does what was typed since the last time. */
  void look() {
    try {
      while (typed.available() > 0) {
        switch (typed.read()) {
          case 's' -> control.stop();
          case 'r' -> control.reset();
          case 'e' -> control.engage();
          case 'p' -> control.release();
          default -> {}
        }
      }
    } catch (IOException e) {
      // Nobody can type any more. Topics and signals go on.
    }
  }
}
