package dev.forearm.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ControlBenchTest {
  private static final Robot ROBOT =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));

  @BeforeAll
  static void needsACompiler() throws InterruptedException {
    Compiler.require();
  }

  @Test
  void ourLoopAndTheOneInCAreMeasuredAtEachRateAndLoad() {
    Map<String, Double> values = new ControlBench(ROBOT, 1).run();

    for (String side : new String[] {"", "peer_c_"}) {
      for (String rate : new String[] {"hz_500_", "hz_1000_"}) {
        for (String load : new String[] {"idle_", "loaded_"}) {
          double period = value(values, side + rate + load + "period_p50_us");
          assertEquals(rate.equals("hz_500_") ? 2000 : 1000, period, 200, side + rate + load);
          assertTrue(value(values, side + rate + load + "wake_max_us") > 0);
        }
      }
    }
    assertEquals(
        Math.max(
            value(values, "hz_500_idle_period_p99_9_ratio"),
            value(values, "hz_1000_idle_period_p99_9_ratio")),
        value(values, "period_p99_9_ratio_idle"));
    assertTrue(value(values, "observations") > 0);
    assertTrue(value(values, "observation_to_command_p50_us") > 0);
    assertEquals(0, value(values, "bytes_per_cycle"));
    assertEquals(
        value(values, "inference_us") / value(values, "c_inference_us"),
        value(values, "inference_ratio_c"),
        1e-9);
  }

  private static double value(Map<String, Double> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }
}
