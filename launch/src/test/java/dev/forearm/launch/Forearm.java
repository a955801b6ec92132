package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.forearm.ros.transport.Carrier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The program in a process of its own, as a user starts it; its output goes to a file. */
final class Forearm implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  /**
   * Those that the suite was told to ignore, by nohup or in a script's background, end this one.
   */
  private static final List<String> SIGNALS = List.of("env", "--default-signal=HUP,INT");

  private final Process process;
  private final Path output;

  private Forearm(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * The environment of processes that meet each other, and nobody else: a ROS domain on loopback.
   */
  static Map<String, String> domain(int number) {
    return Map.of(
        "ROS_DOMAIN_ID", Integer.toString(number), "ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST");
  }

  /** Skips the test, visibly, where processes cannot be started over that. */
  static void require(Carrier carrier) {
    assumeTrue(
        carrier != Carrier.RCL || Carrier.AUTO.here() == Carrier.RCL,
        "skipped: no ROS 2 is sourced");
  }

  /** Starts a command in {@code folder}. */
  static Forearm start(Path folder, Map<String, String> environment, String... arguments) {
    return start(folder, environment, command(arguments));
  }

  /**
   * Starts a command in {@code folder} at a terminal of its own, whose settings stand before and
   * after what it says.
   */
  static Forearm atTerminal(Path folder, Map<String, String> environment, String... arguments) {
    String quoted =
        command(arguments).stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    String shell = "trap : INT; stty -g; " + quoted + "; code=$?; stty -g; exit $code";
    return start(
        folder, environment, List.of("script", "-q", "-f", "-e", "-c", shell, "/dev/null"));
  }

  /** Starts what a script in {@code folder} becomes. */
  static Forearm script(Path folder, Map<String, String> environment, String script) {
    List<String> command = new ArrayList<>(SIGNALS);
    command.addAll(List.of("bash", "-c", script));
    return start(folder, environment, command);
  }

  private static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(SIGNALS);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseZGC",
            "-XX:TieredStopAtLevel=1", // half of a short life would be the optimising compiler's
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--illegal-native-access=deny",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.forearm.launch.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Forearm start(Path folder, Map<String, String> environment, List<String> command) {
    try {
      Path output = Files.createTempFile(folder, "output", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().remove("ROS_DOMAIN_ID");
      builder.environment().remove("DISPLAY");
      if (command.stream().noneMatch(word -> word.startsWith("--transport="))) {
        builder.environment().remove("AMENT_PREFIX_PATH"); // over rcl go those that are to
      }
      builder.environment().putAll(environment);
      return new Forearm(builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * Sends a signal, {@code TERM} for one, by the shell's own kill: not every system has another.
   */
  static void signal(ProcessHandle process, String name) throws Exception {
    String kill = "kill -%s %s".formatted(name, process.pid());
    assertEquals(0, new ProcessBuilder("sh", "-c", kill).start().waitFor(), kill);
  }

  /** Types at its terminal. */
  void type(String keys) {
    try {
      process.getOutputStream().write(keys.getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end and returns the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running, so far it said:\n" + output());
    }
    return process.exitValue();
  }

  /** Waits for the process to be in some state. */
  void await(String what, BooleanSupplier there) throws InterruptedException {
    for (int look = 0; look < PATIENCE_SECONDS * 100; look++) {
      if (there.getAsBoolean()) {
        return;
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(10);
    }
    String end = process.isAlive() ? "runs on" : "ended with " + process.exitValue();
    throw new AssertionError(
        "waited in vain for %s; it %s and said:\n%s".formatted(what, end, output()));
  }

  String output() {
    try {
      return Files.readString(output, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
