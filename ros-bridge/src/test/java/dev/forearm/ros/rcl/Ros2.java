package dev.forearm.ros.rcl;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.rcl.ffi.RosInstallation;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** A real ROS 2, where one is sourced; otherwise the test is skipped, which is said once. */
public final class Ros2 {
  private static final String MISSING =
      "no ROS 2 is sourced (source /opt/ros/jazzy/setup.bash, then the tests run against it)";

  private static boolean said;

  private Ros2() {}

  public static synchronized RosInstallation require() {
    Optional<RosInstallation> sourced = RosInstallation.sourced();
    if (sourced.isEmpty()) {
      if (!said) {
        said = true;
        System.out.println("tests against a real ROS 2 are skipped: " + MISSING);
      }
      abort("skipped: " + MISSING);
    }
    return sourced.orElseThrow();
  }

  /** Skips the test, visibly, where it lacks a library {@code lib<name>.so}. */
  public static void require(String library) {
    if (require().folders().stream()
        .noneMatch(folder -> Files.exists(folder.resolve("lib" + library + ".so")))) {
      abort("skipped: the ROS 2 that is sourced has no %s; install it".formatted(library));
    }
  }

  /** A transport whose receiving must not end before the test. */
  static RclTransport join(int domain, String node) {
    return join(domain, NodeName.FOREARM.named(node));
  }

  public static RclTransport join(int domain, NodeName node) {
    return new RclTransport(
        RclOptions.loopback(node, domain),
        new MonotonicClock(),
        (agent, failure) -> {
          throw new AssertionError(agent + " ended", failure);
        });
  }

  /** A process that joins the domain on this machine alone, as the test does. */
  public static Process start(int domain, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ROS_DOMAIN_ID", Integer.toString(domain));
    builder.environment().put("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST");
    if ("humble".equals(System.getenv("ROS_DISTRO"))) {
      builder.environment().put("ROS_LOCALHOST_ONLY", "1"); // which knows no ranges
    }
    return builder.start();
  }
}
