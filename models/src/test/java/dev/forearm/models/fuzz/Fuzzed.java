package dev.forearm.models.fuzz;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.RuntimeFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** What every target shares: the outcomes that are allowed, and a file to put the input in. */
final class Fuzzed {
  private Fuzzed() {}

  /** Work on hostile input. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /**
   * Runs {@code work}; a refusal that names {@code file} is as good as success.
   *
   * @return whether it succeeded
   * @throws AssertionError when a refusal does not say which file it is about
   */
  static boolean refusesOrSucceeds(String file, Work work) {
    try {
      work.run();
      return true;
    } catch (ModelsFault | RuntimeFault fault) {
      String message = fault.getMessage();
      if (message == null || !message.contains(file)) {
        throw new AssertionError("a refusal that does not name " + file, fault);
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An empty folder for this process, in memory where the system has such a place. */
  static Path folder(String name) {
    try {
      Path memory = Path.of("/dev/shm");
      Path made =
          Files.isWritable(memory)
              ? Files.createTempDirectory(memory, "forearm-" + name)
              : Files.createTempDirectory("forearm-" + name);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
