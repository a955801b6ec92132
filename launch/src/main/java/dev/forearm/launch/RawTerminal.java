package dev.forearm.launch;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The terminal that a person sits at, key by key and without echo, until it is closed or the
 * process is told to end; then it is as it was. Ctrl-C still ends the process. One thread.
 *
 * <p>A terminal tells that a key goes down, and again and again while it is held, but never that it
 * goes up.
 */
public final class RawTerminal implements AutoCloseable {
  private static final long LOOK_MS = 5;
  private static final long SEQUENCE_MS = 30; // between the letters that one key sends
  private static final int ESCAPE = 27;

  /** What follows the escape: of xterm and those after it, of the console, of rxvt. */
  private static final Map<String, String> SEQUENCES =
      Map.ofEntries(
          Map.entry("[D", "left"),
          Map.entry("[C", "right"),
          Map.entry("[A", "up"),
          Map.entry("[B", "down"),
          Map.entry("[5~", "page up"),
          Map.entry("[6~", "page down"),
          Map.entry("[H", "home"),
          Map.entry("[1~", "home"),
          Map.entry("[7~", "home"),
          Map.entry("[F", "end"),
          Map.entry("[4~", "end"),
          Map.entry("[8~", "end"));

  private final Terminal terminal;

  private RawTerminal(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Takes the terminal.
   *
   * @param what wants keys, for a message
   * @param remedy what to do without a terminal
   * @throws LaunchFailure if input or output is none
   */
  public static RawTerminal open(String what, String remedy) {
    try {
      if (!Output.isTerminal()) {
        throw new LaunchFailure(
            "%s: found input or output that is no terminal, wanted one that tells each key; %s"
                .formatted(what, remedy));
      }
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .dumb(false)
              .nativeSignals(false) // Ctrl-C would end the process without its shutdown hooks
              .build();
      terminal.enterRawMode();
      return new RawTerminal(terminal);
    } catch (IOException | IllegalStateException e) {
      throw new LaunchFailure(
          "%s: the terminal does not tell each key (%s); %s"
              .formatted(what, e.getMessage(), remedy),
          e);
    }
  }

  /**
   * The next key that went down, named by what is printed on it: {@code a}, {@code comma}, {@code
   * page up}; {@code other} for one without a name here. Waits for some milliseconds at most.
   */
  public Optional<String> key() {
    try {
      int letter = terminal.reader().read(LOOK_MS);
      return letter < 0 ? Optional.empty() : Optional.of(named(letter));
    } catch (IOException gone) {
      return Optional.empty(); // nobody can type any more
    }
  }

  private String named(int letter) throws IOException {
    return switch (letter) {
      case ' ' -> "space";
      case ',' -> "comma";
      case '.' -> "period";
      case '\r', '\n' -> "enter";
      case ESCAPE -> SEQUENCES.getOrDefault(sequence(), "other");
      default -> letter > ' ' && letter < 127 ? Character.toString(letter) : "other";
    };
  }

  /** The rest of what one key sends, whatever it is, so that none of it counts as another. */
  private String sequence() throws IOException {
    StringBuilder sent = new StringBuilder();
    int letter;
    do {
      letter = terminal.reader().read(SEQUENCE_MS);
      if (letter > 0) {
        sent.append((char) letter);
      }
    } while (letter > 0 && (sent.length() == 1 ? letter == '[' || letter == 'O' : letter < '@'));
    return sent.toString();
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException gone) {
      // There is nothing left to restore.
    }
  }
}
