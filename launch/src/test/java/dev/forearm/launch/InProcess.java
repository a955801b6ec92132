package dev.forearm.launch;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;

/** Runs the program in the test's own process. */
public final class InProcess {
  private InProcess() {}

  /**
   * Runs a command.
   *
   * @return what it said of its failure; empty if it succeeded
   */
  public static String run(String... arguments) {
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(err, true), arguments);
    String said = Objects.toString(err);
    if (said.isEmpty() != (code == 0)) {
      throw new AssertionError("exit code %s and '%s'".formatted(code, said));
    }
    return said;
  }
}
