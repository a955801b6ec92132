package dev.forearm.bench;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;

/**
 * The C compiler that peers are built with. Without one the test is skipped and says so, or fails
 * where {@code FOREARM_REQUIRE_PEERS=1}.
 */
public final class Compiler {
  private Compiler() {}

  public static void require() throws InterruptedException {
    String name = System.getenv().getOrDefault("CC", "cc");
    try {
      Process process =
          new ProcessBuilder(name, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() == 0) {
        return;
      }
    } catch (IOException e) { // it is not there
    }
    String missing = "no C compiler '" + name + "'; install gcc, or name one with CC";
    if ("1".equals(System.getenv("FOREARM_REQUIRE_PEERS"))) {
      fail(missing);
    }
    abort("skipped: " + missing);
  }
}
