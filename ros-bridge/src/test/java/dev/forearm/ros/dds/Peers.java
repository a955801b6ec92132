package dev.forearm.ros.dds;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.forearm.ros.RosFault;
import dev.forearm.ros.dds.ffi.Ddsc;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What tests of transports need of the machine. Something missing skips the test and says so, or
 * fails it where {@code FOREARM_REQUIRE_PEERS=1}.
 */
public final class Peers {
  private static final int PATIENCE_SECONDS =
      60; // three virtual machines may have to start beside other work

  private Peers() {}

  /** A transport whose receiving must not end before the test. */
  public static CycloneTransport join(DdsOptions options) {
    return new CycloneTransport(
        options,
        new MonotonicClock(),
        (agent, failure) -> {
          throw new AssertionError(agent + " ended", failure);
        });
  }

  public static void requireCyclone() {
    try {
      Ddsc.load();
    } catch (RosFault e) {
      missing(e.getMessage());
    }
  }

  /** The Python interpreter, if it has {@code module}. */
  public static String requirePython(String module) {
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    try {
      Process process =
          new ProcessBuilder(python, "-c", "import " + module)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() != 0) {
        missing(python + " has no module " + module + "; set FOREARM_PYTHON to one that has");
      }
    } catch (IOException e) {
      missing("no " + python + " here");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      missing("interrupted");
    }
    return python;
  }

  public static void missing(String what) {
    if ("1".equals(System.getenv("FOREARM_REQUIRE_PEERS"))) {
      fail(what);
    }
    abort("skipped: " + what);
  }

  public static Path resource(String name) {
    return Path.of("src", "test", name);
  }

  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("waited in vain for " + what);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail("interrupted");
      }
    }
  }

  public static <T> T poll(BlockingQueue<T> queue) throws InterruptedException {
    @Nullable T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(next, "waited in vain for a message");
    return next;
  }

  /** A process whose Cyclone is configured as {@link DdsOptions#loopback} is. */
  public static Process start(int domain, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CYCLONEDDS_URI", DdsOptions.loopback(domain).cycloneConfiguration());
    builder.environment().put("ROS_DOMAIN_ID", Integer.toString(domain));
    return builder.start();
  }
}
