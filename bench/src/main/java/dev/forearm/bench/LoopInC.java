package dev.forearm.bench;

import dev.forearm.runtime.agent.NanosHistogram;
import dev.forearm.runtime.agent.Scheduling;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The peer of the control thread: {@code periodic_loop.c}, in a process of its own.
 *
 * @param program compiled
 */
record LoopInC(Path program) {

  static LoopInC compiled(Path folder) throws IOException, InterruptedException {
    return new LoopInC(CCompiler.compile(LoopInC.class, "periodic_loop.c", folder));
  }

  /**
   * Runs it.
   *
   * @return whether the system scheduled it as it asked
   */
  boolean run(long periodNanos, long nanos, NanosHistogram periods, NanosHistogram wakes)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program.toString(),
                Long.toString(periodNanos),
                Long.toString(nanos / periodNanos),
                Integer.toString(Scheduling.FIRST.fifoPriority()))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = process.inputReader()) {
      boolean asAsked = "1".equals(lines.readLine());
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        periods.record(Long.parseLong(line, 0, space, 10));
        wakes.record(Long.parseLong(line, space + 1, line.length(), 10));
      }
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the loop in C ended with " + process.exitValue());
      }
      return asAsked;
    } finally {
      process.destroy();
    }
  }

  /** Keeps one processor busy until it is destroyed. */
  Process keepBusy() throws IOException {
    return new ProcessBuilder(program.toString()).start();
  }
}
