package dev.forearm.launch;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.policy.BundlePolicy;
import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.JointResponse;
import dev.forearm.runtime.robot.Robot;
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
import java.util.Optional;
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
    calibrate("-o", file());
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

  @Test
  void aBundleCarriesWhatIsKnownOfServos() {
    String carrier = folder.resolve("carrier").toString();
    calibrate("--bundle", BUNDLE, "-o", carrier);
    Object given = evaluate("1", "--actuators", file());
    assertEquals(given, evaluate("1", "--bundle", carrier));
    assertEquals(given, evaluate("1", "--bundle", carrier, "--actuators", file()));
  }

  @Test
  void aRecordingHasThePolicysOwnChunksAndSaysWhatServosItWasAdaptedTo() {
    Path record = folder.resolve("adapted");
    evaluate("1", "--actuators", file(), "--explore", "0.001", "--out", record.toString());
    Robot robot = House.robot("tabletop");
    RecordedPlans episode = EpisodeReader.read(EpisodeReader.files(record).getFirst(), robot);
    assertEquals(Optional.of(ActuatorCalibration.read(Path.of(file()))), episode.actuators());
    try (BundlePolicy policy = BundlePolicy.load(Path.of(BUNDLE), robot)) {
      Observation observation = new Observation(policy.spec());
      Plan plan = new Plan(policy.spec());
      float[] seen = episode.observations().firstEntry().getValue();
      System.arraycopy(seen, 0, observation.values(), 0, seen.length);
      policy.plan(observation, plan);
      double[] chunk = requireNonNull(episode.chunks().get(episode.observations().firstKey()));
      int finger = robot.jointCount() - 1; // open as far as it goes, where its range cuts it
      for (int i = 0; i < chunk.length; i++) {
        if (i % robot.jointCount() != finger) {
          assertEquals(plan.actions()[i], chunk[i], 1e-9, "value " + i);
        }
      }
    }
  }

  private static void calibrate(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("calibrate", "actuators", "--episodes", folder.resolve("episodes").toString()));
    arguments.addAll(List.of(more));
    assertEquals(0, run(arguments.toArray(String[]::new)));
  }

  private static @Nullable Object evaluate(String episodes, String... more) {
    Path json = folder.resolve("evaluation.json");
    List<String> arguments =
        new ArrayList<>(List.of("evaluate", "--gap", "default", "--seed", "5"));
    arguments.addAll(List.of("--episodes", episodes, "--json", json.toString()));
    if (!List.of(more).contains("--bundle")) {
      arguments.addAll(List.of("--bundle", BUNDLE));
    }
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
