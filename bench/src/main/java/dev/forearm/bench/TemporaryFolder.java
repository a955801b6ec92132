package dev.forearm.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/** Where a benchmark writes; it is cleared away. */
public final class TemporaryFolder {
  private TemporaryFolder() {}

  /** What is done in it. */
  public interface Work {
    Map<String, Double> in(Path folder) throws IOException, InterruptedException;
  }

  /**
   * Measures in a folder of its own.
   *
   * @param benchmark its name, for messages
   */
  public static Map<String, Double> measure(String benchmark, Work work) {
    try {
      Path folder = Files.createTempDirectory("forearm-bench");
      try {
        return work.in(folder);
      } finally {
        FileUtils.deleteDirectory(folder.toFile());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("benchmark " + benchmark, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("benchmark " + benchmark + ": interrupted", e);
    }
  }
}
