package dev.forearm.launch.capture;

import dev.forearm.launch.RawTerminal;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.IntSupplier;

/**
 * What a person types, a line at a time: its first letter, or a blank for an empty line; {@value
 * #NONE} where there is no line. Never blocks. One thread.
 */
final class TypedKeys implements IntSupplier {
  static final int NONE = -1;

  private final InputStream typed;
  private int first = ' ';

  TypedKeys(InputStream typed) {
    this.typed = typed;
  }

  /**
   * Each key as it goes down, without Enter: its letter, a blank for Enter, {@code ?} for what has
   * no letter.
   */
  static IntSupplier pressedAt(RawTerminal terminal) {
    return () -> terminal.key().map(TypedKeys::letter).orElse(NONE);
  }

  private static int letter(String key) {
    return switch (key) {
      case "enter", "space" -> ' ';
      default -> key.length() == 1 ? key.charAt(0) : '?';
    };
  }

  @Override
  public int getAsInt() {
    try {
      while (typed.available() > 0) {
        int letter = typed.read();
        if (letter == '\n') {
          int key = first;
          first = ' ';
          return key;
        }
        first = first == ' ' ? letter : first;
      }
    } catch (IOException e) {
      // Nobody can type any more.
    }
    return NONE;
  }
}
