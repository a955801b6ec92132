package dev.forearm.launch;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.sim.gap.Gap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Actuators identified from a policy's own episodes, and the policy adapted to them. */
final class CalibrateCommandTest {
  private static final String BUNDLE = "../models/bundles/lift-sft";

  /** About which the simulated servos have their gain. */
  private static final double[] HOME = {0, -0.3253, 0, -2.5509, 0, 2.2255, 0.7854, 0.04};

  @TempDir private static Path folder;

  @BeforeAll
  static void identifyWhatTheGapDoesFromThePolicysOwnEpisodes() {
    evaluate("3", "--out", folder.resolve("episodes").toString());
    assertEquals(
        0,
        run(
            "calibrate",
            "actuators",
            "--episodes",
            folder.resolve("episodes").toString(),
            "-o",
            file()));
  }

  @Test
  void theSimulatedServosAreFoundToATenthOfAMilliradian() {
    Gap gap = Gap.standard();
    List<JointResponse> joints = ActuatorCalibration.read(Path.of(file())).joints();
    for (int j = 0; j < joints.size(); j++) {
      JointResponse joint = joints.get(j);
      double away = joint.centre() - HOME[j];
      double gain = gap.gain().get(j);
      assertEquals((gain - 1) * away + gap.bias().get(j), joint.bias(), 1e-4, joint::toString);
      if (joint.gainError().isPresent()) {
        assertEquals(gain, joint.gain(), 5e-4, joint::toString);
      }
      assertTrue(Math.abs(joint.lagNanos() - 40e6) < 10e6, joint::toString);
    }
    assertTrue(joints.getFirst().gainError().isPresent(), joints::toString);
  }

  @Test
  void anAdaptedPolicysCommandsAreOthers() {
    assertNotEquals(evaluate("1"), evaluate("1", "--actuators", file()));
  }

  private static @Nullable Object evaluate(String episodes, String... more) {
    Path json = folder.resolve("evaluation.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--bundle",
                BUNDLE,
                "--gap",
                "default",
                "--episodes",
                episodes,
                "--seed",
                "5",
                "--json",
                json.toString()));
    arguments.addAll(List.of(more));
    assertEquals(0, run(arguments.toArray(String[]::new)));
    try {
      return requireNonNull((Map<?, ?>) Json.read(Files.readString(json))).get("trace_sha256");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file() {
    return folder.resolve("actuators.yaml").toString();
  }

  private static int run(String... arguments) {
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(err, true), arguments);
    assertEquals("", err.toString());
    return code;
  }
}
