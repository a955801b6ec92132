package dev.forearm.bench.ros;

import dev.forearm.runtime.agent.NanosHistogram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Both ends of one peer, each in a process of its own, and how long its joint states took. They end
 * with this process, however it ends: their standard input is a pipe from here. Used by one thread.
 */
final class Pair implements AutoCloseable {
  /** Would add interfaces to the one that all are given. */
  private static final List<String> RANGES =
      List.of("ROS_LOCALHOST_ONLY", "ROS_AUTOMATIC_DISCOVERY_RANGE");

  private final String name;
  private final Path log;
  private final Process echo;
  private final Process ping;
  private final Writer orders;
  private final BufferedReader answers;
  private final NanosHistogram jointStates = new NanosHistogram();
  private int jointStatesLost;
  private double bytesPerMessage;

  /**
   * Starts them.
   *
   * @param command of the peer, before {@code echo} or {@code ping}
   * @param environment beyond this process's own
   * @param folder takes what they say is wrong
   */
  Pair(String name, List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    this.name = name;
    log = folder.resolve(name + ".txt");
    echo = start(command, "echo", environment);
    ping = start(command, "ping", environment);
    orders = ping.outputWriter(StandardCharsets.UTF_8);
    answers = ping.inputReader(StandardCharsets.UTF_8);
  }

  private Process start(List<String> command, String end, Map<String, String> environment)
      throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(end, "bench_" + name));
    ProcessBuilder builder =
        new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    RANGES.forEach(builder.environment()::remove);
    return builder.start();
  }

  String name() {
    return name;
  }

  /** Joint states there and back that do not count. */
  void warmUp(int count, long periodNanos) throws IOException {
    send("joint_states", count, periodNanos, new NanosHistogram());
    bytesPerMessage = 0;
  }

  /** Joint states there and back. */
  void sendJointStates(int count, long periodNanos) throws IOException {
    jointStatesLost += send("joint_states", count, periodNanos, jointStates);
  }

  /**
   * Images there, and receipts back.
   *
   * @param nanos takes how long each took
   * @return how many were lost
   */
  int sendImages(int count, long periodNanos, NanosHistogram nanos) throws IOException {
    return send("images", count, periodNanos, nanos);
  }

  /** How long all joint states took so far, nanoseconds. */
  NanosHistogram jointStates() {
    return jointStates;
  }

  int jointStatesLost() {
    return jointStatesLost;
  }

  /** Heap bytes for a message and its answer, of the worst order; 0 if the peer does not tell. */
  double bytesPerMessage() {
    return bytesPerMessage;
  }

  private int send(String what, int count, long periodNanos, NanosHistogram nanos)
      throws IOException {
    orders.write("%s %s %s\n".formatted(what, count, periodNanos));
    orders.flush();
    int lost = count;
    for (String line = answers.readLine(); !"end".equals(line); line = answers.readLine()) {
      if (line == null) {
        throw new IllegalStateException(
            "%s ended: %s".formatted(name, Files.readString(log).strip()));
      }
      if (line.startsWith("rtt ")) {
        nanos.record(Long.parseLong(line, 4, line.length(), 10));
        lost--;
      } else if (line.startsWith("bytes ")) {
        bytesPerMessage = Math.max(bytesPerMessage, Double.parseDouble(line.substring(6)));
      }
    }
    return lost;
  }

  @Override
  public void close() {
    ping.destroyForcibly().onExit().join();
    echo.destroyForcibly().onExit().join();
  }
}
