package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.transport.Carrier;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Commands of the ROS 2 that is sourced, in a domain that nobody else is in: with its middleware to
 * meet programs over rcl, with rmw_cyclonedds those over Cyclone DDS.
 */
final class Ros2Commands implements AutoCloseable {
  private static final String CYCLONE = "rmw_cyclonedds_cpp";
  private static final int LOOKS = 20;

  private final int domain = FreeDomain.take();
  private final Map<String, String> environment = new HashMap<>(Forearm.domain(domain));

  /** Skips the test where no ROS 2 is sourced, or it lacks a package. */
  Ros2Commands(Carrier carrier, String neededPackage) throws Exception {
    Forearm.require(Carrier.RCL);
    require(neededPackage);
    if (carrier == Carrier.DDS) {
      require(CYCLONE);
      environment.put("RMW_IMPLEMENTATION", CYCLONE);
    }
  }

  /** Skips the test where that is missing. */
  void require(String neededPackage) throws Exception {
    if (start("ros2 pkg prefix " + neededPackage).waitFor() != 0) {
      abort("skipped: the ROS 2 that is sourced has no %s; build it".formatted(neededPackage));
    }
  }

  int domain() {
    return domain;
  }

  /** For processes that are to meet them. */
  Map<String, String> environment() {
    return environment;
  }

  Process start(String command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** What a command says that ends with that code: 124 if it goes on until time is over. */
  String said(String command, int code) throws Exception {
    Process process = start("PYTHONUNBUFFERED=1 timeout " + command);
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(code, process.waitFor(), said);
    return said;
  }

  /** Until a command, which may have discovered too little so far, says what is wanted. */
  void awaitSaid(String command, String wanted) throws Exception {
    String said = "";
    for (int look = 0; look < LOOKS && !said.contains(wanted); look++) {
      said = said("60 ros2 " + command + " || true", 0);
    }
    assertTrue(said.contains(wanted), said);
  }

  /** Some of the commands start a process that looks on for them, and outlives them. */
  @Override
  public void close() throws IOException {
    start("timeout 60 ros2 daemon stop").onExit().join();
  }
}
