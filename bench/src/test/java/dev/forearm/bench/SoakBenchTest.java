package dev.forearm.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SoakBenchTest {
  private static final String CLASS_PATH = "lib/some.jar:".repeat(1000);

  @ParameterizedTest
  @CsvSource({"sim, true", "run, false"})
  void theSimulatorIsKnownByItsCommandHoweverLongTheClassPath(String command, boolean is)
      throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", "sleep 60; :", "java", CLASS_PATH, command).start();
    try {
      assertEquals(is, SoakBench.isSimulator(process.toHandle()));
    } finally {
      process.destroy();
    }
  }
}
