package dev.forearm.launch.demo;

import dev.forearm.launch.House;
import dev.forearm.launch.LaunchFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A simulator in a process of its own, of the same Java and the same classes. It ends when this
 * process ends, however that happens: its standard input is a pipe from here. Used by one thread.
 */
final class SimProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private Process process;
  private int starts;

  /**
   * Starts a simulator.
   *
   * @param arguments of {@code forearm sim}
   * @param environment beyond this process's own
   * @param log takes what it prints, appended
   */
  SimProcess(List<String> arguments, Map<String, String> environment, Path log) {
    command = House.commandLine(Stream.concat(Stream.of("sim"), arguments.stream()).toList());
    this.environment = environment;
    this.log = log;
    process = launch();
  }

  /** Whether it runs. */
  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** How it ended. */
  String obituary() {
    return process.isAlive()
        ? "the simulator runs"
        : "the simulator ended with exit code %s; what it said is in %s"
            .formatted(process.exitValue(), log);
  }

  /** Starts it again after it has ended. */
  void restart() {
    close();
    process = launch();
  }

  /** How often it was started. */
  int starts() {
    return starts;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() {
    starts++;
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LaunchFailure("the simulator cannot be started (%s)".formatted(e), e);
    }
  }
}
