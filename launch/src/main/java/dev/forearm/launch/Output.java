package dev.forearm.launch;

import dev.forearm.runtime.report.Json;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options every command has: where its result goes and how much it says. */
public final class Output {
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result to FILE as one JSON object.")
  private @Nullable Path json;

  @Option(names = "--verbose", description = "Show the stack trace of a failure.")
  private boolean verbose;

  /** Whether details of a failure are wanted. */
  public boolean verbose() {
    return verbose;
  }

  /** Writes {@code result} where {@code --json} asked for it, whole or not at all. */
  public void write(Map<String, ?> result) {
    Path file = json;
    if (file == null) {
      return;
    }
    try {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, Json.write(result) + "\n");
    } catch (IOException e) {
      throw new LaunchFailure(
          "--json %s: cannot be written (%s); name a file in a folder you may write to"
              .formatted(file, e),
          e);
    }
  }

  /** Whether a person watches standard output, so that a live line makes sense. */
  @SuppressWarnings(
      "SystemConsoleNull") // the built-in console, again the default in 25, may be null
  public static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
