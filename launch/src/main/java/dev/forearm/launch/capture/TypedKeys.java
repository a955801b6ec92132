package dev.forearm.launch.capture;

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
