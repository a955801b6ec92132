package dev.forearm.bench;

import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.agent.Scheduling;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The usual measure of how late a system wakes a real-time thread, {@code cyclictest} of rt-tests,
 * where it is installed. It leaves the processors' power management as the others have it.
 */
final class Cyclictest {
  private static final int LATEST_US = 100_000;

  private Cyclictest() {}

  /** Whether it is installed. */
  static boolean isThere() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("cyclictest", "--help").redirectErrorStream(true).start();
      try (var said = process.inputReader()) {
        return said.lines().anyMatch(line -> line.contains("--default-system"));
      } finally {
        process.waitFor();
      }
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Runs it for whole seconds.
   *
   * @param wakes takes how late it was woken, in whole microseconds
   */
  static void run(long periodNanos, long nanos, NanosHistogram wakes)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "cyclictest",
                "--quiet",
                "--mlockall",
                "--default-system",
                "--threads=1",
                "--priority=" + Scheduling.FIRST.fifoPriority(),
                "--interval=" + TimeUnit.NANOSECONDS.toMicros(periodNanos),
                "--loops=" + nanos / periodNanos,
                "--histogram=" + LATEST_US)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] bin = line.trim().split("\\s+", -1);
        if (bin.length == 2 && isNumber(bin[0]) && isNumber(bin[1])) {
          long wake = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(bin[0]));
          for (long left = Long.parseLong(bin[1]); left > 0; left--) {
            wakes.record(wake);
          }
        }
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException("cyclictest ended with " + process.exitValue());
      }
    } finally {
      process.destroy();
    }
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
