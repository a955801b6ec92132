package dev.forearm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program in processes of its own, as a user runs it.
 *
 * @param home the clone whose {@code forearm} script is run
 */
record Program(Path home) {

  /** Starts a command; what it says is written to {@code log}. */
  Process start(Path log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("forearm").toString());
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /**
   * Runs a command to its end.
   *
   * @throws IllegalStateException with what it said, if it fails
   */
  void run(Path log, List<String> arguments) throws IOException, InterruptedException {
    Process process = start(log, arguments);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "forearm %s failed: %s"
                .formatted(String.join(" ", arguments), Files.readString(log).strip()));
      }
    } finally {
      process.destroy();
    }
  }
}
