package dev.forearm.bench.ros;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.bench.Compiler;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RosBenchTest {
  @BeforeAll
  static void needsACompiler() throws InterruptedException {
    Compiler.require();
  }

  @Test
  void ourRoundTripAndTheOneInCAreMeasuredAndOursMakesNoGarbage() {
    Map<String, Double> values = new RosBench(1).run();

    for (String percent : new String[] {"p50", "p99"}) {
      double ours = value(values, "joint_state_rtt_" + percent + "_us");
      double inC = value(values, "peer_c_joint_state_rtt_" + percent + "_us");
      assertTrue(ours > 0 && inC > 0);
      assertEquals(ours / inC, value(values, "joint_state_rtt_" + percent + "_ratio_c"), 1e-9);
    }
    assertTrue(value(values, "bytes_per_message") < 1, "no message makes garbage");
    assertTrue(value(values, "image_messages_lost") < 30, "images arrive");
    assertTrue(value(values, "image_p50_us") > 0);
  }

  private static double value(Map<String, Double> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }
}
